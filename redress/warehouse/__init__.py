"""A columnar copy of the registers, and the engines run over all of it. Arrow and files; no Django."""
