# SPDX-License-Identifier: GPL-2.0-or-later
# awk -f requirements.awk requirements TESTS: does the table say of each requirement which tests pin it, and do all of them
# exist? TESTS has "FILE:NAME" in each line. Prints what is wrong; exit status 1 if there is any of it.
BEGIN { FS = " *\\| *" }

function wrong(what) {
	print "# " what
	bad = 1
}

FNR == NR {
	if (/^#/ || !NF)
		next
	if (NF != 3)
		wrong("line " FNR " has not three columns")
	if ($1 in row)
		wrong($1 " comes twice")
	row[$1] = $2
	n_rows++
	next
}

{
	exists[$0]
	n = split(substr($0, index($0, ":") + 1), word, "_")
	for (i = 1; i <= n; i++) {
		if (word[i] !~ /^[A-Z][0-9][0-9]$/)
			continue
		if (!(word[i] in row))
			wrong($0 " pins " word[i] ", which is not in the table")
		else if (index(", " row[word[i]] ",", ", " $0 ",") == 0)
			wrong(word[i] " does not name " $0)
	}
}

END {
	for (id in row) {
		if (row[id] ~ /^no test: ./) {
			n_without++
			continue
		}
		n = split(row[id], test, / *, */)
		if (!n)
			wrong(id " has neither a test nor a reason")
		for (i = 1; i <= n; i++) {
			if (!(test[i] in exists))
				wrong(id " names " test[i] ", which does not exist")
		}
	}
	print "# " n_rows " requirements, " n_without + 0 " without a test for a reason given"
	exit bad
}
