// SPDX-License-Identifier: GPL-2.0-or-later
/* What is read out of a configuration file, through libconfuse as it is installed: all that was written, or a reason. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkd/config.h"
#include "lib/model/file.h"
#include "lib/model/model.h"
#include "lib/utf8.h"
#include "kselftest_harness.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The model of a file that says @text, or NULL and what is wrong, after the file's name */
static struct json_object *load(const char *text, struct err *e)
{
	char file[] = "/tmp/config_test.XXXXXX";
	struct json_object *model;
	FILE *f = fdopen(mkstemp(file), "w");

	fputs(text, f);
	fclose(f);
	memset(e, 0, sizeof(*e));
	model = config_load(file, e);
	unlink(file);
	if (!model)
		memmove(e->text, e->text + strlen(file) + 1, strlen(e->text + strlen(file)));
	return model;
}

struct fault {
	const char	*text;
	const char	*said;	/* from the line on, as far as it matters */
};

static void all_refused(struct __test_metadata *_metadata, const struct fault *faults, size_t n)
{
	struct json_object *model;
	struct err e;
	size_t i;

	for (i = 0; i < n; i++) {
		model = load(faults[i].text, &e);
		EXPECT_EQ(strncmp(e.text, faults[i].said, strlen(faults[i].said)), 0)
			TH_LOG("%s: \"%s\", not \"%s\"", faults[i].text, model ? "taken" : e.text, faults[i].said);
		json_object_put(model);
	}
}

/* The words of pool a as they are read, in JSON */
static void is_read(struct __test_metadata *_metadata, const char *text, const char *wanted)
{
	struct err e;
	struct json_object *model = load(text, &e), *pool;
	const char *got = e.text;

	if (model) {
		pool = json_object_object_get(model_objects(model, POOL), "a");
		got = json_object_to_json_string_ext(pool, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	}
	EXPECT_STREQ(got, wanted)
		TH_LOG("%s", text);
	json_object_put(model);
}

/* ---- a word that comes twice ---- */

#define RANGE "range = {192.0.2.10-192.0.2.20}"
#define POOL_OF(words) "pool a { subnet = 192.0.2.0/24\n" words " }"

static const struct fault twice[] = {
	{ POOL_OF(RANGE "\n" RANGE), "3:1: 'range' is given twice; += adds to it" },
	{ POOL_OF(RANGE "\n range = {}"), "3:2: 'range' is given twice; += adds to it" },
	{ POOL_OF("range = {}\n" RANGE), "3:1: 'range' is given twice" },
	{ POOL_OF("range = {}\nrange = {}"), "3:1: 'range' is given twice" },
	{ POOL_OF("range += {192.0.2.9}\nrange={}"), "3:1: 'range' is given twice" },
	{ POOL_OF(RANGE " range + = {}"), "2:33: 'range' is given twice" },
	{ POOL_OF(RANGE "\r\n 'range'\r\n*= {}"), "3:2: 'range' is given twice" },
	{ POOL_OF(RANGE "\n \"range\" = {}"), "3:2: 'range' is given twice" },
	{ POOL_OF("lease = 1h lease = 2h"), "2:12: 'lease' is given twice" },
	{ POOL_OF("lease = lease lease = 2h"), "2:15: 'lease' is given twice" },
	{ "pool b { subnet = 198.51.100.0/24 " RANGE " }\n" POOL_OF(RANGE " range = {}"), "3:33: 'range' is given twice" },
	/* libconfuse would take them for the word itself. */
	{ POOL_OF(RANGE "\n \"ran\\x67e\" = {}"), "3:2: a word before = is written as it is" },
	{ POOL_OF(RANGE "\n ${NONE:-range} = {}"), "3:2: a word before = is written as it is" },
	{ POOL_OF(RANGE) "\npool|range = {}", "3:1: a word before = is written as it is" },
};

TEST(a_word_twice_in_a_section)
{
	all_refused(_metadata, twice, ARRAY_LEN(twice));
}

#define SUBNET "{\"subnet\":[\"192.0.2.0/24\"]"

TEST(a_word_once_and_what_adds_to_it)
{
	const char *both = SUBNET ",\"dns\":[\"192.0.2.1\",\"192.0.2.2\"]}";

	is_read(_metadata, POOL_OF("dns = {192.0.2.1} dns += {192.0.2.2}"), both);
	is_read(_metadata, POOL_OF("dns += {192.0.2.1} dns+=192.0.2.2 dns += {}"), both);
	is_read(_metadata, POOL_OF("dns = {} 'dns' += {192.0.2.1, 192.0.2.2}"), both);
	is_read(_metadata, POOL_OF("domain = server-name server-name = 'domain = x' # domain = y\n"),
		SUBNET ",\"domain\":[\"server-name\"],\"server-name\":[\"domain = x\"]}");
	is_read(_metadata, POOL_OF("dns = {192.0.2.1, 192.0.2.2}") " pool b { subnet = 198.51.100.0/24 }", both);
}

static const struct fault empty[] = {
	{ POOL_OF("range = {}"), "2:1: pool a: range = {}: the list is empty" },
	{ POOL_OF("via = {  }"), "2:1: pool a: via = {}: the list is empty" },
	{ POOL_OF("dns += {}"), "2:1: pool a: dns = {}: the list is empty" },
	{ "host a { mac = 02:00:00:00:00:01\n option = {} }", "2:2: host a: option = {}: the list is empty" },
	{ "relay s0 { server = {} }", "1:12: relay s0: server = {}: the list is empty" },
};

TEST(a_list_with_nothing_in_it)
{
	all_refused(_metadata, empty, ARRAY_LEN(empty));
}

/* ---- NUL in quotes ---- */

#define NUL "an escaped NUL byte"
#define DOMAIN(text) POOL_OF("domain = " text)

static const struct fault nuls[] = {
	{ DOMAIN("\"lab.example\\0.org\""), "2:22: " NUL },
	{ DOMAIN("\"\\0\""), "2:11: " NUL },
	{ DOMAIN("\"a\\00\""), "2:12: " NUL },
	{ DOMAIN("\"a\\000\""), "2:12: " NUL },
	{ DOMAIN("\"a\\0001\""), "2:12: " NUL },
	{ DOMAIN("\"a\\0b\""), "2:12: " NUL },
	{ DOMAIN("\"a\\x0\""), "2:12: " NUL },
	{ DOMAIN("\"a\\x00\""), "2:12: " NUL },
	{ DOMAIN("\"a\\x001\""), "2:12: " NUL },
	{ DOMAIN("\"a\\x0g\""), "2:12: " NUL },
	{ DOMAIN("\"\\\\\\0\""), "2:13: " NUL },
	{ DOMAIN("\"${NONE:-\\0}\n\\0\""), "3:1: " NUL },
	{ POOL_OF("option = {\"root-path /\\0\"}"), "2:23: " NUL },
	{ "pool \"a\\0\" { }", "1:8: " NUL },
};

TEST(a_nul_in_a_value)
{
	all_refused(_metadata, nuls, ARRAY_LEN(nuls));
}

#define BOOT(text) SUBNET ",\"boot-file\":[\"" text "\"]}"

TEST(what_looks_like_a_nul_in_a_value)
{
	is_read(_metadata, POOL_OF("boot-file = \"a\\060\\61\\x30\\x3441\""), BOOT("a010441"));
	is_read(_metadata, POOL_OF("boot-file = \"a\\x7eb\\041c\""), BOOT("a~b!c"));
	is_read(_metadata, POOL_OF("boot-file = \"a\\\\0 ${NONE:-\\0}\""), BOOT("a\\\\0 \\\\0"));
	is_read(_metadata, POOL_OF("boot-file = 'a\\0'"), BOOT("a\\\\0"));
	is_read(_metadata, POOL_OF("boot-file = a\\0 # \"\\0\"\n"), BOOT("a\\\\0"));
}

/* Whatever the file is written in: the place is found in it, and who reads the error as JSON reads UTF-8. */
TEST(an_error_of_a_file_in_latin_1)
{
	static const char *const texts[] = {
		"pool a { subnet = 192.0.2.0/24\n domain = \"caf\xe9\" }",
		"pool a { subnet = 192.0.2.0/24 }\n pool \"caf\xe9\" { subnet = 198.51.100.0/24 }",
		"pool a { subnet = 192.0.2.0/24 }\n relay \"caf\xe9\" { server = 198.51.100.1 }",
	};
	char line[ERR_LINE_SIZE];
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_LEN(texts); i++) {
		ASSERT_EQ(NULL, load(texts[i], &e));
		EXPECT_EQ(0, strncmp("2:", e.text, 2)) TH_LOG("%s", e.text);
		EXPECT_TRUE(is_utf8(err_line(line, &e))) TH_LOG("%s", line);
	}
}

TEST(replaced_bytes)
{
	char text[] = "caf\xe9 \xc3\xa9 \xe2\x82";

	replace_non_utf8(text);
	EXPECT_STREQ("caf? \xc3\xa9 ??", text);
}

TEST_HARNESS_MAIN
