package org.slimquant.deploy.c;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * The commands that compile programs for one kind of machine, and run them here.
 *
 * @param compiler the command that compiles and links, with the flags it always has
 * @param emulator the command that runs a program, empty where the program runs by itself
 * @param emptyProgram the text of a program that ends at once
 */
record Toolchain(List<String> compiler, List<String> emulator, String emptyProgram) {

  private static final String WARNINGS = " -Wall -Wextra -Wpedantic -Wconversion -Werror";
  private static final String C = " -std=c99" + WARNINGS;
  private static final String CPP = " -x c++ -std=c++11" + WARNINGS;

  static final Toolchain GCC = of("gcc" + C, "");
  static final Toolchain GPP = of("g++" + CPP, "");
  static final Toolchain CLANG = of("clang" + C, "");
  static final Toolchain CLANGPP = of("clang++" + CPP, "");
  static final Toolchain TCC = of("tcc -Wall -Werror", "");

  /** Big-endian, 64 bits. */
  static final Toolchain S390X = of("s390x-linux-gnu-gcc -static" + C, "qemu-s390x");

  /** 32 bits. */
  static final Toolchain ARM = of("arm-linux-gnueabihf-gcc -static" + C, "qemu-arm");

  static final Toolchain RISCV64 = of("riscv64-linux-gnu-gcc -static" + C, "qemu-riscv64");
  static final Toolchain AARCH64 = of("aarch64-linux-gnu-gcc -static" + C, "qemu-aarch64");

  /** 32 bits. */
  static final Toolchain I686 = of("i686-linux-gnu-gcc -static" + C, "qemu-i386");

  /** An int of 16 bits, and flash of 128 KB in another address space than RAM. */
  static final Toolchain AVR = avr("atmega1284p");

  /** The same with 64 KB of flash, which pointers of 16 bits reach. */
  static final Toolchain SMALL_AVR = avr("atmega644p");

  private static Toolchain avr(String device) {
    return of(
        "avr-gcc -std=gnu99 -Os -mmcu=" + device + WARNINGS,
        "simavr -f 16000000 -m " + device,
        """
        #include <avr/interrupt.h>
        #include <avr/sleep.h>

        int main(void)
        {
            cli();
            sleep_mode(); /* The simulator ends here, as nothing can wake it. */
        }
        """);
  }

  private static Toolchain of(String compiler, String emulator) {
    return of(compiler, emulator, "int main(void) { return 0; }\n");
  }

  private static Toolchain of(String compiler, String emulator, String emptyProgram) {
    Splitter words = Splitter.on(' ').omitEmptyStrings();
    return new Toolchain(words.splitToList(compiler), words.splitToList(emulator), emptyProgram);
  }

  String name() {
    return compiler.get(0);
  }

  @Override
  public String toString() {
    return name();
  }
}
