// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "dhcpkd/compile/words.h"
#include "lib/conv.h"
#include "lib/model/model.h"

int compile_switch(struct json_object *object, const char *key, int *on, struct err *e)
{
	const char *text = model_text(object, key, 0);

	if (text && parse_bool(text, on))
		return err_set(e, text, "%s wants on or off, not \"%s\"", key, text);
	return 0;
}

int compile_choice(struct json_object *object, const char *key, const char *const *names,
		   const char *wants, unsigned int *which, struct err *e)
{
	const char *text = model_text(object, key, 0);
	unsigned int i;

	if (!text)
		return 0;
	for (i = 0; names[i]; i++) {
		if (!strcmp(names[i], text)) {
			*which = i;
			return 0;
		}
	}
	return err_set(e, text, "%s wants %s, not \"%s\"", key, wants, text);
}

int compile_time(struct json_object *object, const char *key, uint32_t *seconds, struct err *e)
{
	const char *text = model_text(object, key, 0);

	if (!text)
		return 0;
	if (parse_time(text, seconds) || !*seconds)
		return err_set(e, text,
			       "%s wants a time such as 3600, 15m, 1h, 7d or infinite, not \"%s\"",
			       key, text);
	return 0;
}

/* A key's addresses; each value may hold several, separated by commas. */
int compile_addresses(struct json_object *object, const char *key, unsigned int max,
		      struct addrs *a, struct err *e)
{
	const char *value, *wrong;
	size_t i;

	for (i = 0; (value = model_text(object, key, i)); i++) {
		char copy[ADDRS_MAX * sizeof("255.255.255.255, ")], *save = NULL, *part;
		unsigned int before = a->n;

		if (strlen(value) >= sizeof(copy))
			return err_set(e, value, "%s: more than %u addresses", key, max);
		snprintf(copy, sizeof(copy), "%s", value);
		for (part = strtok_r(copy, ", ", &save); part; part = strtok_r(NULL, ", ", &save)) {
			if (a->n == max)
				return err_set(e, value, "%s: more than %u addresses", key, max);
			if (parse_ip(part, &a->ip[a->n++]))
				return err_set(e, part, "%s wants an IPv4 address, not \"%s\"", key,
					       part);
			wrong = no_host(a->ip[a->n - 1]);
			if (wrong)
				return err_set(e, part, "%s %s is %s", key, part, wrong);
		}
		if (a->n == before)
			return err_set(e, value, "%s wants an IPv4 address, not \"%s\"", key,
				       value);
	}
	return 0;
}
