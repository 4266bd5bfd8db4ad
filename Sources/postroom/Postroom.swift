import ArgumentParser

@main
struct Postroom: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "postroom", abstract: "Runs everything that sends mail.")
}
