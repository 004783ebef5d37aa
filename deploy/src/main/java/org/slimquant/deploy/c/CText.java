package org.slimquant.deploy.c;

import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.model.IntegerTensor;

/** Text of C in lines of at most 100 characters. */
final class CText {

  private static final int WIDTH = 100;
  private static final String INDENT = "    ";

  private final StringBuilder text = new StringBuilder();

  /** Adds a line. */
  CText line(String line) {
    text.append(line).append('\n');
    return this;
  }

  /** Adds text that consists of whole lines. */
  CText block(String block) {
    text.append(block);
    return this;
  }

  /** Adds an empty line. */
  CText blank() {
    return line("");
  }

  /** Adds a call within a function, on several lines if it is long. */
  CText call(String function, List<String> arguments) {
    String whole = INDENT + function + "(" + String.join(", ", arguments) + ");";
    if (whole.length() <= WIDTH) {
      return line(whole);
    }
    line(INDENT + function + "(");
    String line = INDENT.repeat(2);
    for (int i = 0; i < arguments.size(); i++) {
      String end = i == arguments.size() - 1 ? ");" : ",";
      if (line.length() + arguments.get(i).length() + 2 > WIDTH) {
        line(line.stripTrailing());
        line = INDENT.repeat(2);
      }
      line += arguments.get(i) + end + " ";
    }
    return line(line.stripTrailing());
  }

  /** Returns the beginning of the declaration of a constant. */
  static String constant(ModelName model) {
    return "%s static const %s ".formatted(model.macro("CONST"), model.macro("SPACE"));
  }

  /**
   * Adds a constant table.
   *
   * @param constant the beginning of its declaration
   * @param length its number of elements as an expression
   */
  CText table(String constant, String type, String name, String length, IntStream numbers) {
    line("%s%s %s[%s] = {".formatted(constant, type, name, length));
    StringBuilder line = new StringBuilder(INDENT);
    numbers
        .mapToObj(CText::number)
        .forEach(
            number -> {
              if (line.length() + number.length() + 1 > WIDTH) {
                line(line.toString().stripTrailing());
                line.setLength(INDENT.length());
              }
              line.append(number).append(", ");
            });
    line(line.toString().stripTrailing());
    return line("};");
  }

  /** Returns a number of 32 bits. In C, -2147483648 is the negation of a number with more bits. */
  private static String number(int number) {
    return number == Integer.MIN_VALUE ? "-2147483647 - 1" : String.valueOf(number);
  }

  /** Returns lines with the indentation of a block. */
  static String indented(String lines) {
    return lines.indent(INDENT.length());
  }

  /** Returns the description of a tensor in comments. */
  static String describe(IntegerTensor tensor) {
    return CNames.comment(tensor.name()) + " " + tensor.shape() + " " + tensor.format();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
