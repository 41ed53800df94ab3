// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Option 82 of a relay (RFC 3046), as the template that the kernel fills in for each request. See
 * include/uapi/linux/dhcpk.h for its format. The relay adds a sub-option only if a key asks for it.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dhcpkd/compile/agent.h"
#include "dhcpkd/compile/words.h"
#include "lib/conv.h"
#include "lib/model/model.h"

/* Sub-options */
enum {
	CIRCUIT_ID		= 1,
	REMOTE_ID		= 2,
	LINK_SELECTION		= 5,
	FLAGS			= 10,
	SERVER_ID_OVERRIDE	= 11,
	RELAY_ID		= 12,
	SOURCE_PORT		= 19,
	VSS			= 151,
	VSS_CONTROL		= 152,
};
/* RFC 6607 section 3.5, RFC 2685 */
enum { VSS_TEXT = 0, VSS_VPN_ID = 1, VSS_GLOBAL = 255, VPN_ID_SIZE = 7 };
/* RFC 6355, RFC 8415 section 11.1 */
enum { DUID_UUID = 4, DUID_MIN = 3, DUID_MAX = 130 };
enum { BYTES_MAX = 253 };	/* of text: a piece has at most 255 bytes, two of them its header */

#define PERCENTS \
	"known: %i the interface, %v its VLAN, %s the VLAN around that one, " \
	"%p the bridge's port, %m the client's hardware address, %h this machine's name, " \
	"%% a percent sign"

struct agent {
	struct relay_spec	*r;
	size_t			sub;	/* start of the current sub-option */
	size_t			text;	/* start of its open text piece, 0: none */
	size_t			least;	/* minimum length of the option on the wire */
	size_t			before;	/* of it, bytes before the current sub-option */
	const char		*longest;	/* key of the longest sub-option, and its length */
	size_t			longest_len;
	bool			full;	/* the current sub-option does not fit */
};

/* ---- the template ---- */

/* Three formats of any length, three sub-options of one piece, a DUID, and two empty sub-options */
_Static_assert(3 * (2 + 255) + 3 * (2 + 2) + (2 + 2 + DUID_MAX) + 2 * 2 <= DHCPK_AGENT_TEMPLATE_MAX,
	       "all of it has room");

static void put_byte(struct agent *a, uint8_t byte)
{
	if (a->r->agent_len - a->sub == 2 + 255)
		a->full = true;
	else
		a->r->agent[a->r->agent_len++] = byte;
}

static void begin(struct agent *a, uint8_t code)
{
	a->sub = a->r->agent_len;
	a->text = 0;
	a->before = a->least;
	a->least += 2;
	put_byte(a, code);
	put_byte(a, 0);
}

static void put_piece(struct agent *a, enum dhcpk_agent_piece piece)
{
	static const uint8_t least[DHCPK_AGENT_MAX + 1] = {
		[DHCPK_AGENT_DEV] = 1, [DHCPK_AGENT_VLAN] = 1, [DHCPK_AGENT_SVLAN] = 1,
		[DHCPK_AGENT_MAC] = 2, [DHCPK_AGENT_PORT] = 1, [DHCPK_AGENT_LINK] = 4,
		[DHCPK_AGENT_SERVER_ID] = 4, [DHCPK_AGENT_FLAGS] = 1,
	};

	a->text = 0;
	a->least += least[piece];
	put_byte(a, piece);
	put_byte(a, 0);
}

static void put_text(struct agent *a, const void *text, size_t len)
{
	const uint8_t *byte = text;
	size_t i;

	if (len && !a->text) {
		put_piece(a, DHCPK_AGENT_TEXT);
		a->text = a->r->agent_len - 2;
	}
	for (i = 0; i < len; i++)
		put_byte(a, byte[i]);
	a->least += len;
	if (len)
		a->r->agent[a->text + 1] = a->r->agent_len - a->text - 2;
}

static int end(struct agent *a, const char *key, const char *text, struct err *e)
{
	a->r->agent[a->sub + 1] = a->r->agent_len - a->sub - 2;
	if (a->full)
		return err_set(e, text,
			       "%s is too long: there is room for %d bytes of text, and less with "
			       "%%i and the like",
			       key, BYTES_MAX);
	if (a->least - a->before > a->longest_len) {
		a->longest_len = a->least - a->before;
		a->longest = key;
	}
	return 0;
}

static void put_sub(struct agent *a, uint8_t code, enum dhcpk_agent_piece piece)
{
	begin(a, code);
	put_piece(a, piece);
	a->r->agent[a->sub + 1] = 2;
}

/* ---- formats ---- */

/* A letter after "%". Return: 0, or -1 if the letter has no meaning. */
static int put_percent(struct agent *a, char letter)
{
	static const struct {
		char	letter;
		uint8_t	piece;
	} known[] = {
		{ 'i', DHCPK_AGENT_DEV }, { 'v', DHCPK_AGENT_VLAN }, { 's', DHCPK_AGENT_SVLAN },
		{ 'm', DHCPK_AGENT_MAC }, { 'p', DHCPK_AGENT_PORT },
	};
	char host[256] = "";
	size_t i;

	if (letter == '%') {
		put_text(a, "%", 1);
		return 0;
	}
	if (letter == 'h') {
		gethostname(host, sizeof(host) - 1);
		put_text(a, host, strlen(host));
		return 0;
	}
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].letter == letter) {
			put_piece(a, known[i].piece);
			return 0;
		}
	}
	return -1;
}

static int put_format(struct agent *a, const char *key, const char *text, size_t len, struct err *e)
{
	unsigned int ports = 0;
	char word[3] = "%";
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] != '%') {
			put_text(a, text + i, 1);
			continue;
		}
		if (++i == len)
			return err_set(e, "%", "%s: a %% at the end; %%%% is a percent sign", key);
		if (put_percent(a, text[i])) {
			word[1] = isprint((unsigned char)text[i]) ? text[i] : '\0';
			return err_set(e, word, "%s: \"%s\" stands for nothing; %s", key, word,
				       PERCENTS);
		}
		/* The kernel matches a reply by one port name only. */
		ports += text[i] == 'p';
		if (ports > 1)
			return err_set(e, "%p", "%s: \"%%p\" may stand in it once", key);
	}
	return 0;
}

/* A format, with or without quotes; or bytes, which start with 0x. */
static int put_id(struct agent *a, struct json_object *object, uint8_t code, const char *key,
		  struct err *e)
{
	const char *text = model_text(object, key, 0);
	uint8_t bytes[BYTES_MAX];
	size_t len;

	if (!text)
		return 0;
	begin(a, code);
	len = strlen(text);
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		if (parse_hex(text, bytes, sizeof(bytes), &len))
			return err_set(e, text,
				       "%s wants 1 to %d bytes in hexadecimal such as 0x0004000a, "
				       "or a format; \"%.200s\" is a format if it is in quotes",
				       key, BYTES_MAX, text);
		put_text(a, bytes, len);
		return end(a, key, text, e);
	}
	if (len > 1 && text[0] == '"' && text[len - 1] == '"') {
		text++;
		len -= 2;
	}
	if (put_format(a, key, text, len, e))
		return -1;
	if (a->r->agent_len == a->sub + 2)
		return err_set(e, key, "%s is empty", key);
	return end(a, key, text, e);
}

/* ---- the other sub-options ---- */

/*
 * RFC 3527: if giaddr is not on the client's link, this tells the server the link's address. The
 * kernel fills it in.
 */
static int put_link(struct agent *a, struct json_object *object, struct err *e)
{
	const char *text = model_text(object, "link-selection", 0);
	bool is_auto = !text || !strcmp(text, "auto");
	int on = a->r->giaddr != 0;

	if (!is_auto && parse_bool(text, &on))
		return err_set(e, text, "link-selection wants on, off or auto, not \"%s\"", text);
	if (on)
		put_sub(a, LINK_SELECTION, DHCPK_AGENT_LINK);
	if (on && is_auto)
		a->r->flags |= DHCPK_RELAY_F_LINK_AUTO;
	return 0;
}

/*
 * RFC 5107 section 4: a relay that overrides the server identifier also adds the flags sub-option
 * (RFC 5010). survive needs the override: otherwise clients renew with the server directly, and the
 * relay does not see which leases they have.
 */
static int put_override(struct agent *a, struct json_object *object, struct err *e)
{
	int override = a->r->survive != 0, flags = 0;

	if (compile_switch(object, "server-id-override", &override, e) ||
	    compile_switch(object, "agent-flags", &flags, e))
		return -1;
	if (a->r->survive && !override)
		return err_set(e, "server-id-override",
			       "survive wants server-id-override: without it clients renew past "
			       "the relay");
	if (override || flags)
		put_sub(a, FLAGS, DHCPK_AGENT_FLAGS);
	if (override)
		put_sub(a, SERVER_ID_OVERRIDE, DHCPK_AGENT_SERVER_ID);
	return 0;
}

void relay_id_auto(uint8_t duid[RELAY_ID_SIZE], const uint8_t *id)
{
	duid[0] = 0;
	duid[1] = DUID_UUID;
	memcpy(duid + 2, id, DHCPK_STORE_ID_SIZE);
}

/* RFC 6925 section 5. The store is not known here: kernel/program.c puts its id in. */
static int put_relay_id(struct agent *a, struct json_object *object, struct err *e)
{
	static const uint8_t unknown[DHCPK_STORE_ID_SIZE];
	const char *text = model_text(object, "relay-id", 0);
	uint8_t duid[DUID_MAX];
	size_t len;

	if (!text)
		return 0;
	begin(a, RELAY_ID);
	if (!strcmp(text, "auto")) {
		relay_id_auto(duid, unknown);
		put_text(a, duid, RELAY_ID_SIZE);
		a->r->store_id = a->r->agent_len - DHCPK_STORE_ID_SIZE;
	} else {
		if (parse_hex(text, duid, sizeof(duid), &len) || len < DUID_MIN)
			return err_set(e, text,
				       "relay-id wants auto, or a DUID of %d to %d bytes in "
				       "hexadecimal such as 00:03:00:01:52:54:00:12:34:56, not "
				       "\"%.200s\"",
				       DUID_MIN, DUID_MAX, text);
		put_text(a, duid, len);
	}
	return end(a, "relay-id", text, e);
}

/* The value of sub-option 151: a type, and the data of that type */
static int vss_bytes(const char *text, uint8_t bytes[BYTES_MAX], size_t *len)
{
	const char *c;

	*len = 0;
	if (!strcmp(text, "global")) {
		bytes[0] = VSS_GLOBAL;
		return 0;
	}
	if (!strncmp(text, "vpn ", 4)) {
		bytes[0] = VSS_VPN_ID;
		if (parse_hex(text + 4, bytes + 1, VPN_ID_SIZE, len))
			return -1;
		return *len == VPN_ID_SIZE ? 0 : -1;
	}
	if (strncmp(text, "text ", 5))
		return -1;
	bytes[0] = VSS_TEXT;
	for (c = text + 5; *c && *len < BYTES_MAX - 1; c++) {
		if (!isprint((unsigned char)*c))
			return -1;
		bytes[1 + (*len)++] = *c;
	}
	return *c || !*len ? -1 : 0;
}

/* RFC 6607 section 5: always with VSS-Control, which a server that supports it removes. */
static int put_vss(struct agent *a, struct json_object *object, struct err *e)
{
	const char *text = model_text(object, "vss", 0);
	uint8_t bytes[BYTES_MAX];
	size_t len;

	if (!text)
		return 0;
	if (vss_bytes(text, bytes, &len))
		return err_set(e, text,
			       "vss wants global, \"text NAME\" with 1 to %d ASCII characters, or "
			       "\"vpn HEX\" with %d bytes, not \"%.200s\"",
			       BYTES_MAX - 1, VPN_ID_SIZE, text);
	begin(a, VSS);
	put_text(a, bytes, 1 + len);
	if (end(a, "vss", text, e))
		return -1;
	begin(a, VSS_CONTROL);
	return 0;
}

int compile_agent(struct json_object *object, struct relay_spec *r, struct err *e)
{
	struct agent a = { .r = r };

	if (put_id(&a, object, CIRCUIT_ID, "circuit-id", e) ||
	    put_id(&a, object, REMOTE_ID, "remote-id", e) || put_link(&a, object, e) ||
	    put_override(&a, object, e) || put_relay_id(&a, object, e))
		return -1;
	if (r->port != DHCP_SERVER_PORT)
		begin(&a, SOURCE_PORT);		/* RFC 8357 section 5.1 */
	if (put_vss(&a, object, e))
		return -1;
	if (a.least > 255)
		return err_set(e, a.longest,
			       "option 82 has room for 255 bytes, and what is to be in it has %zu "
			       "or more; the longest is %s",
			       a.least, a.longest);
	return 0;
}
