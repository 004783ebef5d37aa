package org.slimquant.deploy.c;

import java.io.ByteArrayOutputStream;
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
      $ARRAYS
          FILE *const file = fopen(argv[argc - 1], "rb");
          while ($READ) {
              $name_run($ARGUMENTS);
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
    Path input = Files.write(folder.resolve("input"), inputs(example));
    Path output = folder.resolve("output");
    int status =
        new ProcessBuilder(program.toString(), input.toString())
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new AssertionError("the program ended with " + status);
    }
    return trace(model, example.examples(), Files.readAllBytes(output));
  }

  private static String program(IntegerModel model, CFiles files) {
    CParameters parameters = CParameters.of(model);
    return PROGRAM
        .replace("$name", files.name())
        .replace("$MACRO_", files.macro(""))
        .replace(
            "$ARRAYS",
            parameters.all().stream()
                .map(
                    parameter ->
                        "    static %s %s[%s];"
                            .formatted(
                                parameter.type().text,
                                parameter.name(),
                                files.macro(parameter.macro() + "_SIZE")))
                .collect(Collectors.joining("\n")))
        .replace(
            "$READ",
            parameters.inputs().stream()
                .map(input -> "fread(%s, sizeof %1$s, 1, file) == 1".formatted(input.name()))
                .collect(Collectors.joining(" && ")))
        .replace("$ARGUMENTS", parameters.arguments())
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

  /** Returns the inputs of the first example, of the second, and so on. */
  private static byte[] inputs(TracedExample example) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int number = 0; number < example.examples(); number++) {
      for (IntegerTensor input : example.model().inputs()) {
        int[] codes = example.input(input);
        for (int i = 0; i < input.size(); i++) {
          bytes.write(codes[number * input.size() + i]);
        }
      }
    }
    return bytes.toByteArray();
  }
}
