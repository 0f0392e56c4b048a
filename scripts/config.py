#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Configuration glue around kconfiglib.

config.py default OUT [NAME=VALUE ...]    write Kconfig's defaults plus the given settings
config.py generate CONFIG HEADER MAKEFILE write autoconf.h and auto.conf from a configuration
config.py menu CONFIG                     menuconfig on a configuration
"""
import os
import sys

import kconfiglib


def write_if_changed(path, text):
    """Leave the time stamp alone when nothing changed, so that nothing is rebuilt."""
    try:
        with open(path, encoding="ascii") as f:
            if f.read() == text:
                os.utime(path)
                return
    except OSError:
        pass
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def default(out, *settings):
    kconf = kconfiglib.Kconfig("Kconfig")
    for setting in settings:
        name, value = setting.split("=", 1)
        sym = kconf.syms.get(name)
        if sym is None or not sym.set_value(value):
            sys.exit(f"error: no such configuration: {setting} (see Kconfig)")
    kconf.write_config(out)


def generate(config, header, makefile):
    kconf = kconfiglib.Kconfig("Kconfig", warn=False)
    kconf.load_config(config)
    lines = ["#pragma once"]
    make = []
    for sym in kconf.unique_defined_syms:
        if sym.type == kconfiglib.BOOL:
            if sym.str_value == "y":
                lines.append(f"#define CONFIG_{sym.name} 1")
                make.append(f"CONFIG_{sym.name} := y")
        elif sym.str_value:
            lines.append(f"#define CONFIG_{sym.name} {sym.str_value}")
            make.append(f"CONFIG_{sym.name} := {sym.str_value}")
    write_if_changed(header, "\n".join(lines) + "\n")
    write_if_changed(makefile, "\n".join(make) + "\n")


def menu(config):
    import menuconfig
    os.environ["KCONFIG_CONFIG"] = config
    menuconfig.menuconfig(kconfiglib.Kconfig("Kconfig"))


if __name__ == "__main__":
    {"default": default, "generate": generate, "menu": menu}[sys.argv[1]](*sys.argv[2:])
