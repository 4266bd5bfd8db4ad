extension Keymap {
  /// This keymap with a person's own laid over it: a key that theirs binds, or unbinds with `none`, is theirs, in the same
  /// section; all others keep their meaning. A section of theirs with `!clear-defaults` stands alone.
  ///
  /// Lines are those of their file; what comes from this one has none.
  public func extended(by own: Keymap) -> Keymap {
    var result = Keymap(sections: sections.map(\.withoutLines), file: own.file)
    for section in own.sections {
      if let index = result.sections.firstIndex(where: { $0.name == section.name }), !section.clearsDefaults {
        result.sections[index] = result.sections[index].extended(by: section)
      } else {
        result.sections.removeAll { $0.name == section.name }
        result.sections.append(section)
      }
    }
    return result
  }
}

extension Keymap.Section {
  fileprivate var withoutLines: Keymap.Section {
    var result = Keymap.Section(name: name, line: 0)
    result.clearsDefaults = clearsDefaults
    result.unbound = unbound
    result.bindings = bindings.map {
      Keymap.Binding(keys: $0.keys, command: $0.command, label: $0.label, line: 0)
    }
    return result
  }

  fileprivate func extended(by own: Keymap.Section) -> Keymap.Section {
    let taken = Set(own.bindings.flatMap(\.keys) + own.unbound)
    var result = own
    result.clearsDefaults = clearsDefaults
    result.bindings += bindings.compactMap { $0.without(taken) }
    result.unbound += unbound.filter { !taken.contains($0) }
    return result
  }
}
