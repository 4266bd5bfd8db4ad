/// What operators decide about relays: which one a message goes over (NULL: whichever takes mail), and how many
/// connections are used towards one (NULL: as many as are configured).
enum RelaySchema {
  static let sqlite = """
    ALTER TABLE message ADD COLUMN relay TEXT;
    ALTER TABLE throttle ADD COLUMN connections INTEGER CHECK (connections > 0);
    """
}
