"""The kinds of claims, as the table of claims names them."""

# An exact claim is an identity, or a fact in which chance plays no part. A claim about all cases
# can be refuted by a single case, but not proved by any number of them. What the notes do not say
# is a finding of ours, and does not count against them.
KINDS = EXACT, ESTIMATED, NOT_REFUTED, OURS = "exact", "estimated", "not refuted", "finding of ours"
