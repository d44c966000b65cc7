"""The pages that explain: the texts in web/learn with their formulas as MathML, each beside the
line of source that computes it and the place in the network page where it is seen at work."""
