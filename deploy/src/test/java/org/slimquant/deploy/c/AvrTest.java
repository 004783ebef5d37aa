package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.model.IntegerModel;

/**
 * The exported C on a processor whose int has 16 bits, and whose flash is another address space
 * than RAM.
 */
class AvrTest {

  private static final String MAIN =
      """
      #include <avr/interrupt.h>
      #include <avr/io.h>
      #include <avr/sleep.h>
      #include <stdio.h>

      int $TEST(void);

      static int put(char c, FILE *file)
      {
          (void)file;
          while (!(UCSR0A & (1 << UDRE0))) {
          }
          UDR0 = (uint8_t)c;
          return 0;
      }

      static FILE serial = FDEV_SETUP_STREAM(put, NULL, _FDEV_SETUP_WRITE);

      int main(void)
      {
          UCSR0B = 1 << TXEN0;
          stdout = &serial;
          printf("result %d\\n", $TEST());
          cli();
          sleep_mode();
      }
      """;

  private final Path directory;

  AvrTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-O2 -D$_STEP=32"})
  void everyTensorIsTheEngines(String flags) throws Exception {
    assertPasses(ExportedModels.tiny(), Toolchain.AVR, flags);
    assertPasses(ExportedModels.outputReadAgain(), Toolchain.AVR, flags);
    assertPasses(ExportedModels.random(51, 40, 8), Toolchain.AVR, flags);
    // Its tables are small: a constant of avr-gcc has less than 32 KB.
    assertPasses(ExportedModels.random(73, 40, 16), Toolchain.AVR, flags);
  }

  @Test
  void everyTensorOfASmallDevice() throws Exception {
    assertPasses(ExportedModels.tiny(), Toolchain.SMALL_AVR, "");
    assertPasses(ExportedModels.random(58, 12, 8), Toolchain.SMALL_AVR, "");
    assertPasses(ExportedModels.random(64, 12, 16), Toolchain.SMALL_AVR, "");
  }

  private void assertPasses(IntegerModel model, Toolchain toolchain, String flags)
      throws Exception {
    CCompiler compiler = new CCompiler(directory, toolchain);
    CFiles files = CExporter.write(model, directory);
    String all =
        (flags + " -D$_TEST -D$_TEST_NO_MAIN -D$_NO_STATIC_ARENA -c")
            .replace("$", files.macro("").replaceFirst("_$", ""));
    Path object = directory.resolve("test.o");
    Path program = directory.resolve("program");
    Path main =
        Files.writeString(
            directory.resolve("main.c"), MAIN.replace("$TEST", files.name() + "_test"));

    assertThat(compiler.compile(all, object, files.test())).isEmpty();
    assertThat(compiler.compile("-Wno-pedantic", program, main, object)).isEmpty();
    String said = compiler.run(program).output();
    assertWithMessage(said)
        .that(said)
        .contains("%d tensors of 4 examples, 0 differ".formatted(model.ops().size()));
    assertThat(said).contains("result 0");
  }

  @Test
  void constantsAreInFlash() throws Exception {
    assertThat(sections(Toolchain.AVR, "")).contains(".progmemx.data");
    assertThat(sections(Toolchain.AVR, "")).doesNotContain(".rodata");
    assertThat(sections(Toolchain.SMALL_AVR, "")).contains(".progmem.data");
    assertThat(sections(Toolchain.SMALL_AVR, "")).doesNotContain(".rodata");
  }

  @Test
  void withoutNamedAddressSpacesConstantsAreInRam() throws Exception {
    assertThat(sections(Toolchain.AVR, "-std=c99")).contains(".rodata");
    assertThat(sections(Toolchain.AVR, "-std=c99")).doesNotContain(".progmem");
  }

  private String sections(Toolchain toolchain, String flags) throws Exception {
    CFiles files = CExporter.write(ExportedModels.tiny(), directory);
    CCompiler compiler = new CCompiler(directory, toolchain);
    Path object = directory.resolve("source.o");

    assertThat(compiler.compile(flags + " -c", object, files.source())).isEmpty();
    return compiler.run(List.of("avr-objdump", "-h", "source.o")).output();
  }

  /** It would be read from RAM, where something else is. */
  @Test
  void progmemWithoutNamedAddressSpaces() throws Exception {
    CFiles files = CExporter.write(ExportedModels.tiny(), directory);
    CCompiler compiler = new CCompiler(directory, Toolchain.AVR);

    assertThat(
            compiler.compile(
                "-std=c99 -c -DTINY_CONST=__attribute__((progmem))",
                directory.resolve("source.o"),
                files.source()))
        .contains("#error \"TINY_CONST must not be PROGMEM, which plain C does not read;");
  }
}
