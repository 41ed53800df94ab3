// SPDX-License-Identifier: GPL-2.0-or-later
/* sql FILE STATEMENTS: what an administrator might do to a store with sqlite3, in machines that do not have that. */
#include <sqlite3.h>
#include <stdio.h>

static int print_row(void *arg, int n, char **values, char **names)
{
	int i;

	for (i = 0; i < n; i++)
		printf("%s%s", i ? "|" : "", values[i] ? values[i] : "");
	putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	char *error = NULL;
	sqlite3 *db;

	if (argc != 3) {
		fprintf(stderr, "usage: sql FILE STATEMENTS\n");
		return 2;
	}
	if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL) || sqlite3_exec(db, argv[2], print_row, NULL, &error)) {
		fprintf(stderr, "sql: %s\n", error ? error : sqlite3_errmsg(db));
		return 1;
	}
	return sqlite3_close(db);
}
