// SPDX-License-Identifier: GPL-2.0-only
/* boot.c: how long the kernel took to the first instruction of init, and what it said on the way. */

#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARKER	"bench marks the time"

/* Process 1 read the counter before anything else and left it in the environment. */
static double boot_instructions(void)
{
	const char *text = getenv("BENCH_BOOT");

	if (!text)
		row_failed("not started by process 1");
	return strtod(text, NULL);
}

/*
 * Print the kernel log as `LOG microseconds text`, times counted from power on: the kernel's own
 * clock starts later, by what a message of ours tells whose true time is known.
 */
static double print_log(void)
{
	int kmsg = need(open("/dev/kmsg", O_RDWR | O_NONBLOCK), "open /dev/kmsg");
	static char text[512][160];
	static double when[512];
	unsigned int lines = 0;
	double late = 0;
	char record[2048];
	ssize_t got;
	double now = (double)ticks() * NS_PER_TICK / 1000;

	need(write(kmsg, MARKER, strlen(MARKER)), "write /dev/kmsg");
	while (lines < 512 && (got = read(kmsg, record, sizeof record - 1)) > 0) {
		char *body;

		record[got] = 0;
		body = strchr(record, ';');
		if (!body || sscanf(record, "%*u,%*u,%lf", &when[lines]) != 1)
			continue;
		snprintf(text[lines], sizeof text[0], "%.*s", (int)strcspn(body + 1, "\n"), body + 1);
		if (strstr(text[lines], MARKER))
			late = now - when[lines];
		lines++;
	}
	for (unsigned int i = 0; i < lines; i++)
		printf("LOG %.0f %s\n", when[i] + late, text[i]);
	return lines;
}

const struct row boot_rows[] = {
	{ "boot", "boot: first instruction to the first of init", .value = boot_instructions },
	{ "boot_log", "what the kernel said, with times", .unit = "messages", .asked = true,
	  .value = print_log },
	{ }
};
