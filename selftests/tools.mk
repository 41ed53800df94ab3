# SPDX-License-Identifier: GPL-2.0-or-later
# How the programs are built that the tests of several folders use, all of them into build/selftests.
TOP	:= $(abspath ../..)
OUTPUT	?= $(TOP)/build/selftests
KSRC	?= $(shell $(TOP)/scripts/kernel source)
CORE	:= $(wildcard $(TOP)/kmod/core/*.c)
GROUND	:= $(addprefix $(TOP)/userspace/lib/,utf8.c err.c conv.c dir.c)
CFLAGS	:= -std=gnu11 -g -O1 -Wall -Wextra -Wno-unused-parameter -I$(TOP)/selftests/unit -I$(TOP)/kmod/core -I$(TOP)/selftests \
	   -isystem $(TOP)/include/uapi
NL	:= $(shell pkg-config --cflags --libs libnl-genl-3.0)

# Run over and over again, they start faster without a dynamic linker.
$(OUTPUT)/within $(OUTPUT)/dhcpc $(OUTPUT)/dhcps $(OUTPUT)/nlsweep: LDFLAGS += -static

$(OUTPUT)/within: $(TOP)/selftests/net/within.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $<

$(OUTPUT)/dhcpc: $(wildcard $(TOP)/selftests/net/dhcpc*.c) $(CORE) $(TOP)/selftests/net/dhcpc.h $(TOP)/kmod/core/dhcp.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^)

$(OUTPUT)/dhcps: $(wildcard $(TOP)/selftests/net/dhcps*.c) $(TOP)/selftests/net/dhcpc_frame.c $(TOP)/selftests/net/dhcpc_print.c $(CORE) $(TOP)/selftests/net/dhcpc.h $(TOP)/selftests/net/dhcps.h $(TOP)/kmod/core/dhcp.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^)

$(OUTPUT)/badio.so: $(TOP)/selftests/net/badio.c $(TOP)/selftests/net/preload.h
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O1 -Wall -shared -fPIC -o $@ $<

$(OUTPUT)/badnet.so: $(TOP)/selftests/net/badnet.c $(TOP)/selftests/net/preload.h $(wildcard $(TOP)/include/uapi/linux/*.h)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O1 -Wall -shared -fPIC -isystem $(TOP)/include/uapi -o $@ $<

$(OUTPUT)/churn: $(TOP)/selftests/net/churn.c $(TOP)/selftests/net/dhcpc_frame.c $(TOP)/selftests/net/dhcpc.h $(CORE) $(TOP)/kmod/core/dhcp.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $(filter %.c,$^)

$(OUTPUT)/passby: $(wildcard $(TOP)/selftests/net/passby*.c) $(TOP)/selftests/net/dhcpc_frame.c $(TOP)/selftests/net/passby.h $(TOP)/selftests/net/dhcpc.h $(CORE) $(TOP)/kmod/core/dhcp.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $(filter %.c,$^)

$(OUTPUT)/discover $(OUTPUT)/carry $(OUTPUT)/crowd $(OUTPUT)/stall: $(OUTPUT)/%: $(TOP)/selftests/bench/%.c $(TOP)/selftests/bench/measure.h $(TOP)/selftests/net/dhcpc_frame.c $(TOP)/selftests/net/dhcpc.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $(filter %.c,$^)

$(OUTPUT)/storebench: $(TOP)/selftests/bench/store.c $(wildcard $(TOP)/userspace/dhcpkd/store/*.c) $(TOP)/userspace/dhcpkd/state_dir.c $(GROUND)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -O2 -I$(TOP)/userspace -isystem $(TOP)/include/uapi -o $@ $(filter %.c,$^) $(shell pkg-config --libs sqlite3)

$(OUTPUT)/ctlsend: $(TOP)/selftests/net/ctlsend.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $<

$(OUTPUT)/nlbad: $(TOP)/selftests/net/nlbad.c $(wildcard $(TOP)/include/uapi/linux/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -isystem $(TOP)/include/uapi -o $@ $< $(NL)

$(OUTPUT)/nlattach: $(TOP)/selftests/net/nlattach.c $(wildcard $(TOP)/userspace/lib/kernel/*.c) $(GROUND)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -I$(TOP)/userspace -o $@ $(filter %.c,$^) $(NL)

$(OUTPUT)/nlsweep: $(wildcard $(TOP)/selftests/net/nlsweep*.c) $(TOP)/selftests/net/nlsweep.h $(wildcard $(TOP)/include/uapi/linux/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -O2 $(LDFLAGS) -o $@ $(filter %.c,$^)

$(OUTPUT)/queue: $(TOP)/selftests/net/queue.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $< $(shell pkg-config --cflags --libs libnl-nf-3.0)

$(OUTPUT)/sql: $(TOP)/selftests/net/sql.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $< $(shell pkg-config --cflags --libs sqlite3)

# dhcpkd that ends or stops where it is told to
$(OUTPUT)/failpoints: FORCE
	@mkdir -p $(@D)
	@$(MAKE) -s -C $(TOP)/userspace FAILPOINTS=1
	@ln -sfn $(TOP)/build/failpoints/bin $@

FORCE:
.PHONY: FORCE
