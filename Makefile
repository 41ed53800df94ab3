# SPDX-License-Identifier: GPL-2.0-or-later
# The verbs. The module's objects are in Kbuild.

# The kernel to build for: 6.1, 6.12, uml or debug (Debian's, in a cache), or KDIR=/path/to/headers for one of your own.
K	?= 6.1

# A plain "make" is for the kernel that runs here, if its headers are installed.
all: KDIR ?= $(wildcard /lib/modules/$(shell uname -r)/build)
all: module programs
	@ln -sf build/$(if $(KDIR),custom,$(K))/dhcpk.ko dhcpk.ko

help:
	@echo 'make            the module (dhcpk.ko) and the programs (build/bin)'
	@echo 'make demo       a network of real clients in a virtual machine: see it work'
	@echo 'make check      every test; closes with "N passed, N failed"'
	@echo 'make check-long hours of tests on the kernel that looks at everything (K=debug); ROUNDS=N, SUITES="NAME..."'
	@echo 'make fuzz       goes on fuzzing from the corpora, TIME=60 seconds a target; findings into build/fuzz/findings'
	@echo 'make lint       checkpatch, sparse, shellcheck'
	@echo 'make install    module, programs and manuals onto this machine (PREFIX, needs root)'
	@echo 'make clean      what was built here; the cache of kernels stays'
	@echo 'K=6.1|6.12|uml|debug'
	@echo '                which kernel to build the module for; KDIR=DIR for one of your own'

bootstrap:
	@scripts/bootstrap

# Kbuild writes beside its sources, and several kernels are built for at once: each has a tree of links to them.
module: bootstrap
	@scripts/module $(K) $(KDIR)

programs: bootstrap
	@$(MAKE) --no-print-directory -C userspace

demo: bootstrap
	@selftests/demo

check: bootstrap
	@selftests/check

fuzz: bootstrap
	@$(MAKE) --no-print-directory -s -C selftests/fuzz fuzz

check-long: bootstrap
	@selftests/check-long

lint: bootstrap
	@scripts/lint

PREFIX	?= /usr/local
MANUALS	:= $(wildcard userspace/man/*.[1-9])
install: all
	install -D -t $(DESTDIR)$(PREFIX)/sbin build/bin/dhcpkd build/bin/dhcpkctl
	for page in $(MANUALS); do \
		install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man$${page##*.} $$page || exit 1; \
	done
	install -D -m 644 dhcpk.ko $(DESTDIR)/lib/modules/$$(modinfo -F vermagic dhcpk.ko | cut -d' ' -f1)/updates/dhcpk.ko

clean:
	rm -rf build dhcpk.ko

.PHONY: all help bootstrap module programs demo check check-long fuzz lint install clean
