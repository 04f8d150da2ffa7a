"""The store in Datasette: looked at, searched and filtered on the local machine, never changed."""
