"""The evidence of a plan as a folder for inspectors: files, snapshots, and an index of them all."""
