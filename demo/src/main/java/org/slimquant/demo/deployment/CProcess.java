package org.slimquant.demo.deployment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slimquant.deploy.c.CFiles;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;

/** A program beside the exported C that computes the outputs for the inputs in a file. */
final class CProcess {

  private static final String SOURCE =
      """
      /* Computes $name for each of the inputs in a file. */

      #include <stdio.h>

      #include "$name.h"

      static $IN input[$NAME_INPUT_SIZE];
      static $OUT output[$NAME_OUTPUT_SIZE];

      int main(int argc, char **argv)
      {
          FILE *inputs = argc == 3 ? fopen(argv[1], "rb") : NULL;
          FILE *outputs = argc == 3 ? fopen(argv[2], "wb") : NULL;
          if (inputs == NULL || outputs == NULL) {
              fprintf(stderr, "two files must be given, one to read and one to write\\n");
              return 2;
          }
          while (fread(input, sizeof input, 1, inputs) == 1) {
              $name_run(input, output);
              fwrite(output, sizeof output, 1, outputs);
          }
          return fclose(outputs) != 0;
      }
      """;

  private final CCompiler compiler;
  private final CFiles files;
  private final IntegerModel model;

  CProcess(CCompiler compiler, CFiles files, IntegerModel model) {
    this.compiler = compiler;
    this.files = files;
    this.model = model;
  }

  /**
   * Compiles the program and returns the codes of the outputs.
   *
   * @param input the codes of all inputs, one after the other
   * @throws FailedCommandException if the compiler refuses the source, or the program fails
   */
  int[] run(int[] input) throws IOException {
    Path source = Files.writeString(beside("_images.c"), source());
    Path program = beside("_images");
    compiler.compile(program, source, files.source());
    Path inputs = Files.write(beside("_inputs.bin"), bytes(input, model.input().format()));
    Path outputs = beside("_outputs.bin");
    CCompiler.run(program.toString(), inputs.toString(), outputs.toString());
    return codes(Files.readAllBytes(outputs), model.output().format());
  }

  private Path beside(String ending) {
    return files.source().toAbsolutePath().resolveSibling(files.name() + ending);
  }

  private String source() {
    return SOURCE
        .replace("$name", files.name())
        .replace("$NAME_INPUT_SIZE", files.macro("INPUT_SIZE"))
        .replace("$NAME_OUTPUT_SIZE", files.macro("OUTPUT_SIZE"))
        .replace("$IN", type(model.input().format()))
        .replace("$OUT", type(model.output().format()));
  }

  private static String type(FixedPoint format) {
    return (format.signed() ? "int" : "uint") + (isByte(format) ? "8_t" : "16_t");
  }

  private static boolean isByte(FixedPoint format) {
    return format.bits() <= Byte.SIZE;
  }

  private static byte[] bytes(int[] codes, FixedPoint format) {
    int width = isByte(format) ? Byte.BYTES : Short.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(codes.length * width).order(ByteOrder.nativeOrder());
    for (int code : codes) {
      if (isByte(format)) {
        bytes.put((byte) code);
      } else {
        bytes.putShort((short) code);
      }
    }
    return bytes.array();
  }

  private static int[] codes(byte[] array, FixedPoint format) {
    ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.nativeOrder());
    int[] codes = new int[isByte(format) ? array.length : array.length / Short.BYTES];
    for (int i = 0; i < codes.length; i++) {
      int code = isByte(format) ? bytes.get() : bytes.getShort();
      int unsigned = isByte(format) ? code & 0xff : code & 0xffff;
      codes[i] = format.signed() ? code : unsigned;
    }
    return codes;
  }
}
