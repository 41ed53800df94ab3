/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the objects of dhcpkctl: options, requests to daemon and kernel, and output. */
#ifndef DHCPKCTL_H
#define DHCPKCTL_H

#include <json-c/json.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "lib/control.h"
#include "lib/conv.h"
#include "lib/err.h"
#include "lib/kernel/lease.h"
#include "lib/model/words.h"

enum status { DONE = 0, REFUSED = 1, USAGE = 2 };

/* Changes of a batch that the daemon has got, but not made yet */
struct batch {
	const char	*file;
	int		fd;		/* their connection; -1: none */
	int		first, line;	/* first pending line, current line */
};

struct ctl {
	bool		json, pretty, stats;
	const char	*socket;
	struct batch	*batch;		/* NULL: each change is made at once */
};

struct command {
	const char	*name;
	enum status	(*run)(struct ctl *c, int argc, char **argv);
	const char	*help;	/* syntax after the name, and description */
	const struct object_kind *words;	/* kind of the words that may follow; */
	const char	*about;			/* then this is the description */
};

/*
 * find_command - find a command by an unambiguous abbreviation; NULL after an error message. A NULL
 * name ends @all.
 */
const struct command *find_command(const struct command *all, const char *word, const char *what);

/*
 * take_flag - set -j, -p or -s; false if @word is none. Flags may stand before and behind the
 * object, and behind "show".
 */
bool take_flag(struct ctl *c, const char *word);

/* run_object - run the command argv[0] of "pool", "host", ..., or print its help */
enum status run_object(struct ctl *c, const char *object, const struct command *all,
		       const char *fallback, int argc, char **argv);

/*
 * Errors go to stderr and name the word at fault. Both return a status, for "return refuse(...)".
 */
enum status refuse(const struct err *e);
enum status usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ask - send a request to the daemon; prints an error. @result may be NULL */
enum status ask(struct ctl *c, struct json_object *request, struct json_object **result);
struct json_object *request_new(const char *op, const char *name);

/*
 * ask_change - request a change: it is made at once, or joins the batch. @result may be NULL, as in
 * ask()
 */
enum status ask_change(struct ctl *c, struct json_object *request, struct json_object **result);

/* batch_commit - make the pending changes, before anything else is asked */
enum status batch_commit(struct ctl *c);

/* print_warnings - print the warnings of an answer, each after @what */
#define WARNING "dhcpkctl: warning: "
void print_warnings(FILE *to, const char *what, struct json_object *answer);

/*
 * get_daemon_state - the answer to "model", for callers that can do without: NULL with the reason
 * if it does not come soon
 */
struct json_object *get_daemon_state(struct ctl *c, struct err *e);

/* warn_no_daemon - warn that the output lacks the daemon's part, and why */
void warn_no_daemon(const struct err *e);

/* count_values - number of values after the first of these words; "no" has one, the next word */
int count_values(enum object_type type, int argc, char **argv);

/* match_key - find a word by an abbreviation, or NULL; @other is set if it is ambiguous */
const struct key *match_key(enum object_type type, const char *word, const struct key **other);

/* unique_key - find a word by an abbreviation; NULL if there is none, or if it is ambiguous */
const struct key *unique_key(enum object_type type, const char *word);

/*
 * name_missing - do these words start with "WORD VALUE" in place of a name? A name may equal a
 * word.
 */
bool name_missing(enum object_type type, int argc, char **argv);

/* send_words - send a request with "KEY VALUE ..." from the command line; refuses unknown words */
enum status send_words(struct ctl *c, const char *op, const char *name, int argc, char **argv,
		       enum object_type type);

/* model_rows - the daemon's objects of a kind: an array, with their words as members */
enum status model_rows(struct ctl *c, enum object_type type, struct json_object **array);

/*
 * add_settings - add an object's words to @row: lists as arrays, numbers as numbers, others
 * unchanged
 */
void add_settings(struct json_object *row, enum object_type type, struct json_object *settings);

/* wall_time - ns since 1970 in the form of RFC 3339, in UTC; returns @buf */
char *wall_time(char buf[DATE_SIZE], int64_t ns);

/* nanoseconds - read a clock */
int64_t nanoseconds(clockid_t clock);

/* boot_time - wall clock time of the boot, in ns: the kernel's times count from there */
int64_t boot_time(void);

/* lease_client_json - address and client of a lease */
struct json_object *lease_client_json(const struct kernel_lease *l);

/* lease_json - a lease, in the documented form */
struct json_object *lease_json(const struct kernel_lease *l);

/* pools_json - the kernel's pools, with the daemon's settings if there are any (@said, or NULL) */
enum status pools_json(struct json_object *said, struct json_object **array);

/* interfaces_read - read this machine's interfaces; the caller frees them */
struct interface {
	char	name[IFNAMSIZ];
	bool	up, addressed;		/* it has an IPv4 address */
	char	port_of[8 + IFNAMSIZ];	/* "port of br0", "is a VRF", or "" */
};

struct interfaces *interfaces_read(void);
void interfaces_free(struct interfaces *i);

/*
 * find_interface - by name, or NULL
 * is_own_address - has an interface this address?
 */
const struct interface *find_interface(const struct interfaces *i, const char *name);
bool is_own_address(const struct interfaces *i, uint32_t ip);

/* relays_json - the same for relays, with counters after "-s" */
enum status relays_json(const struct ctl *c, struct json_object *said, struct json_object **array);

enum status pool_main(struct ctl *c, int argc, char **argv);
enum status option_main(struct ctl *c, int argc, char **argv);
/* host_add - "host add" with these words */
enum status host_add(struct ctl *c, int argc, char **argv);
/*
 * host_of - the host in @hosts that the kernel uses for a lease's client, if it belongs to the
 * lease's pool, which has this subnet; or NULL
 */
struct json_object *host_of(struct json_object *hosts, const struct kernel_lease *l,
			    uint32_t subnet, uint8_t prefix);
enum status host_main(struct ctl *c, int argc, char **argv);
enum status relay_main(struct ctl *c, int argc, char **argv);
enum status lease_main(struct ctl *c, int argc, char **argv);
enum status config_main(struct ctl *c, int argc, char **argv);
enum status stats_main(struct ctl *c, int argc, char **argv);
enum status monitor_main(struct ctl *c, int argc, char **argv);
enum status status_main(struct ctl *c, int argc, char **argv);

#endif
