"""The names narra looks for, as data (one TOML file a language), and their compiler."""
