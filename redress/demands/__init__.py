"""Flow 1: a demand is heard, sorted, routed, pursued and resolved; the backlog reads."""
