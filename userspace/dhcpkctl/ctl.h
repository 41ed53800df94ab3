/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the objects of dhcpkctl share: the options, the way to daemon and kernel, and one way to print. */
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

/* Changes of a batch that the daemon has been told, and is to make as one */
struct batch {
	const char	*file;
	int		fd;		/* of the connection that they were told by; -1: there are none */
	int		first, line;	/* the lines that they, and what is carried out now, stand in */
};

struct ctl {
	bool		json, pretty, stats;
	const char	*socket;
	struct batch	*batch;		/* NULL: each change is made at once */
};

struct command {
	const char	*name;
	enum status	(*run)(struct ctl *c, int argc, char **argv);
	const char	*help;	/* what follows the name, and what it does */
	const struct object_kind *words;	/* whose words follow, if any do; then */
	const char	*about;			/* is what it does */
};

/* find_command - by an unambiguous abbreviation; complains and returns NULL if there is none. A NULL name ends @all. */
const struct command *find_command(const struct command *all, const char *word, const char *what);

/* take_flag - is it -j, -p or -s? Then it is set. They may stand before the object, behind it, and behind "show". */
bool take_flag(struct ctl *c, const char *word);

/* run_object - "pool", "host", ...: the command that argv[0] names, or its help */
enum status run_object(struct ctl *c, const char *object, const struct command *all, const char *fallback, int argc,
		       char **argv);

/* Errors go to stderr and name the word at fault. Both return a status, so that "return refuse(...)" reads well. */
enum status refuse(const struct err *e);
enum status wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ask - one request to the daemon; prints what is wrong. @result may be NULL */
enum status ask(struct ctl *c, struct json_object *request, struct json_object **result);
struct json_object *request_new(const char *op, const char *name);

/* ask_change - one change of the configuration: made at once, or with the others of a batch. @result may be NULL, as ask() */
enum status ask_change(struct ctl *c, struct json_object *request, struct json_object **result);

/* batch_make - the changes that wait are made; whatever is asked next must know of them */
enum status batch_make(struct ctl *c);

/* print_warnings - what an answer says that is served otherwise than it was said, @what before each */
#define WARNING "dhcpkctl: warning: "
void print_warnings(FILE *to, const char *what, struct json_object *answer);

/* daemon_says - the answer to "model" for who can do without: NULL with the reason if it does not come soon */
struct json_object *daemon_says(struct ctl *c, struct err *e);

/* say_alone - that what is shown lacks what the daemon would have said, and why */
void say_alone(const struct err *e);

/* values_of - how many values follow the first of these words at the command line; "no" has one, the word after it */
int values_of(enum object_type type, int argc, char **argv);

/* match_key - a word by an abbreviation, or NULL; @other is set if it is not clear which */
const struct key *match_key(enum object_type type, const char *word, const struct key **other);

/* whole_key - a word by an abbreviation; NULL if there is none, or if it is not clear which */
const struct key *whole_key(enum object_type type, const char *word);

/* name_missing - do these words start with "WORD VALUE" where a name belongs? An object may be called like a word. */
bool name_missing(enum object_type type, int argc, char **argv);

/* send_words - a request with "KEY VALUE ..." from the command line; a word that there is not goes no further */
enum status send_words(struct ctl *c, const char *op, const char *name, int argc, char **argv, enum object_type type);

/* model_rows - the objects of a kind that the daemon has: an array, with their words as members */
enum status model_rows(struct ctl *c, enum object_type type, struct json_object **array);

/* add_settings - an object's words into @row: lists as arrays, what counts as a number, others as they are */
void add_settings(struct json_object *row, enum object_type type, struct json_object *settings);

/* wall_time - ns since 1970 as RFC 3339 has it, in UTC; returns @buf */
char *wall_time(char buf[DATE_SIZE], int64_t ns);

/* nanoseconds - what a clock says */
int64_t nanoseconds(clockid_t clock);

/* boot_time - the kernel counts from boot, people by the calendar: what lies between, in ns */
int64_t boot_time(void);

/* lease_client_json - the address and the client of a binding */
struct json_object *lease_client_json(const struct kernel_lease *l);

/* lease_json - a binding in the form that users rely on */
struct json_object *lease_json(const struct kernel_lease *l);

/* pools_json - what the kernel serves, with what the daemon knows of it if it has said so (@said, or NULL) */
enum status pools_json(struct json_object *said, struct json_object **array);

/* interfaces_read - this machine's, as they are now; to be freed by the caller */
struct interface {
	char	name[IFNAMSIZ];
	bool	up, addressed;		/* it has an IPv4 address */
	char	port_of[8 + IFNAMSIZ];	/* "port of br0": its frames are the bridge's; "is a VRF"; or "" */
};

struct interfaces *interfaces_read(void);
void interfaces_free(struct interfaces *i);

/* find_interface - by its name, or NULL; is_own_address - has one of them this address? */
const struct interface *find_interface(const struct interfaces *i, const char *name);
bool is_own_address(const struct interfaces *i, uint32_t ip);

/* relays_json - the same of relays, with counters if "-s" was given */
enum status relays_json(const struct ctl *c, struct json_object *said, struct json_object **array);

enum status pool_main(struct ctl *c, int argc, char **argv);
enum status option_main(struct ctl *c, int argc, char **argv);
/* host_add - "host add" with these words behind it */
enum status host_add(struct ctl *c, int argc, char **argv);
/*
 * host_of - among @hosts the one that the kernel goes by for a lease's client, as far as it is of the lease's pool, which has
 * this subnet; or NULL
 */
struct json_object *host_of(struct json_object *hosts, const struct kernel_lease *l, uint32_t subnet, uint8_t prefix);
enum status host_main(struct ctl *c, int argc, char **argv);
enum status relay_main(struct ctl *c, int argc, char **argv);
enum status lease_main(struct ctl *c, int argc, char **argv);
enum status config_main(struct ctl *c, int argc, char **argv);
enum status stats_main(struct ctl *c, int argc, char **argv);
enum status monitor_main(struct ctl *c, int argc, char **argv);
enum status status_main(struct ctl *c, int argc, char **argv);

#endif
