# SPDX-License-Identifier: GPL-2.0-or-later
# kselftest's rules, from a kernel source that is not ours (KSRC), for the Makefile of a folder that has said TEST_PROGS,
# TEST_GEN_FILES and TEST_FILES, and where its programs go (OUTPUT).
include $(KSRC)/tools/testing/selftests/lib.mk
.DEFAULT_GOAL := all

# The runner looks for a folder's settings below the kernel's own tests only, and would end ours after 45 s.
define RUN_TESTS
	BASE_DIR="$(selfdir)";			\
	. $(selfdir)/kselftest/runner.sh;	\
	kselftest_default_timeout=$$(sed -n 's/^timeout=//p' settings);	\
	if [ "X$(summary)" != "X" ]; then       \
		per_test_logging=1;		\
	fi;                                     \
	run_many $(1)
endef

# What rsync does in there, where that is not installed: whatever a link leads to, and not the link
define INSTALL_SINGLE_RULE
	$(if $(INSTALL_LIST),@mkdir -p $(INSTALL_PATH))
	$(if $(INSTALL_LIST),cp -rLpf $(INSTALL_LIST) $(INSTALL_PATH)/)
endef
