package org.slimquant.deploy.c;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.slimquant.deploy.testing.TracedExample;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/** All tensors of a model as the exported C computes them. */
public final class CTrace {

  /** Writes the codes of each tensor as they are computed, example after example. */
  private static final String PROGRAM =
      """
      #include <stdint.h>
      #include <stdio.h>

      static void trace(int32_t tensor, const void *codes);
      #define $MACRO_TRACE(tensor, codes) trace(tensor, codes)
      #include "$name.c"

      static const size_t sizes[] = {$SIZES};

      static void trace(int32_t tensor, const void *codes)
      {
          fwrite(codes, 1, sizes[tensor], stdout);
      }

      int main(int argc, char **argv)
      {
          static $IN input[$MACRO_INPUT_SIZE];
          static $OUT output[$MACRO_OUTPUT_SIZE];
          FILE *const file = fopen(argv[argc - 1], "rb");
          while (fread(input, sizeof input, 1, file) == 1) {
              $name_run(input, output);
          }
          return fclose(file);
      }
      """;

  private CTrace() {}

  /** Returns the codes of all tensors. */
  public static Map<String, int[]> of(Path folder, TracedExample example) throws Exception {
    IntegerModel model = example.model();
    CFiles files = CExporter.write(model, folder);
    Path source = Files.writeString(folder.resolve("trace.c"), program(model, files));
    Path program = folder.resolve("trace");
    CCompiler compiler = new CCompiler(folder);
    String said = compiler.compile("-O1", program, source);
    if (!said.isEmpty()) {
      throw new AssertionError(said);
    }
    Path input = Files.write(folder.resolve("input"), bytes(example.input().toArray()));
    Path output = folder.resolve("output");
    int status =
        new ProcessBuilder(program.toString(), input.toString())
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new AssertionError("the program ended with " + status);
    }
    return trace(model, example.input().size() / model.input().size(), Files.readAllBytes(output));
  }

  private static String program(IntegerModel model, CFiles files) {
    return PROGRAM
        .replace("$name", files.name())
        .replace("$MACRO_", files.macro(""))
        .replace("$IN", CType.of(model.input()).text)
        .replace("$OUT", CType.of(model.output()).text)
        .replace(
            "$SIZES",
            model.tensors().stream()
                .map(tensor -> String.valueOf(tensor.size()))
                .collect(Collectors.joining(", ")));
  }

  private static Map<String, int[]> trace(IntegerModel model, int examples, byte[] output) {
    Map<String, int[]> trace = new LinkedHashMap<>();
    ByteBuffer buffer = ByteBuffer.wrap(output);
    for (int example = 0; example < examples; example++) {
      for (IntegerOp op : model.ops()) {
        IntegerTensor tensor = op.output();
        int[] codes =
            trace.computeIfAbsent(tensor.name(), name -> new int[examples * tensor.size()]);
        for (int i = 0; i < tensor.size(); i++) {
          codes[example * tensor.size() + i] = code(tensor, buffer.get());
        }
      }
    }
    return trace;
  }

  /** The models have no more than 8 bits, so that a code is a byte. */
  private static int code(IntegerTensor tensor, byte code) {
    return tensor.format().signed() ? code : code & 0xff;
  }

  private static byte[] bytes(int[] codes) {
    byte[] bytes = new byte[codes.length];
    for (int i = 0; i < codes.length; i++) {
      bytes[i] = (byte) codes[i];
    }
    return bytes;
  }
}
