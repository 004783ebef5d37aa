package org.slimquant.deploy.c;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerTensor;

/** Prints the header of a program: declarations, sizes and formats for the caller. */
final class HeaderPrinter {

  private static final Template HEADER = Template.of("frame/header.h.in");
  private static final Template TENSOR = Template.of("frame/tensor.h.in");

  private static final String ONE_OF_EACH =
      """
      Computes the output for one input. Both are arrays of the sizes above, the last axis fastest,
       * that must not overlap.""";
  private static final String SEVERAL =
      """
      Computes the outputs for an example of the inputs. All are arrays of the sizes above, the last
       * axis fastest, that must not overlap.""";

  /** The header's hash, in the text that is hashed. */
  private static final String NO_HASH = "$HASH";

  private HeaderPrinter() {}

  /** Returns the header. */
  static String text(CProgram program) {
    return text(program, hash(program));
  }

  /** Returns a number that differs from the number of a header with other content. */
  static String hash(CProgram program) {
    CRC32 crc = new CRC32();
    crc.update(text(program, NO_HASH).getBytes(US_ASCII));
    return "0x%08xL".formatted(crc.getValue());
  }

  private static String text(CProgram program, String hash) {
    CFootprint footprint = program.footprint();
    CParameters parameters = program.parameters();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("title", CNames.comment(program.model().name()));
    values.put("ends", ends(parameters.all()));
    values.put("constants", String.valueOf(footprint.constantBytes()));
    values.put("kernels", String.valueOf(footprint.kernelBytes()));
    values.put("arena", String.valueOf(footprint.arenaBytes()));
    values.put("unshared", String.valueOf(footprint.unsharedBytes()));
    values.put("hash", hash);
    values.put(
        "macros",
        parameters.all().stream()
            .map(parameter -> macros(program.name(), parameter))
            .collect(Collectors.joining("\n")));
    values.put("computes", parameters.all().size() == 2 ? ONE_OF_EACH : SEVERAL);
    values.put("parameters", parameters.declarations());
    values.put("arena_length", String.valueOf(program.arena().length()));
    values.put("arena_t", program.arena().unit().text);
    return HEADER.fill(program.name(), values);
  }

  /** Returns a line for each parameter. */
  private static String ends(List<CParameter> parameters) {
    int longest =
        parameters.stream().mapToInt(parameter -> parameter.name().length()).max().orElse(0);
    CText text = new CText();
    for (CParameter parameter : parameters) {
      String padding = " ".repeat(longest + 2 - parameter.name().length());
      text.line(
          " * %s%s%s".formatted(parameter.name(), padding, CText.describe(parameter.tensor())));
    }
    return text.toString();
  }

  private static String macros(ModelName name, CParameter parameter) {
    IntegerTensor tensor = parameter.tensor();
    FixedPoint format = tensor.format();
    String shape = tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(", "));
    Map<String, String> values = new LinkedHashMap<>();
    values.put("tensor", parameter.macro());
    values.put("size", String.valueOf(tensor.size()));
    values.put("rank", String.valueOf(tensor.rank()));
    values.put("shape", shape);
    values.put("bits", String.valueOf(format.bits()));
    values.put("signed", format.signed() ? "1" : "0");
    values.put("exponent", String.valueOf(format.frac()));
    values.put("min", String.valueOf(format.minCode()));
    values.put("max", String.valueOf(format.maxCode()));
    return TENSOR.fill(name, values);
  }
}
