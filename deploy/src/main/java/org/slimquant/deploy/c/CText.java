package org.slimquant.deploy.c;

import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.engine.IntegerTensor;

/** Lines of C, no longer than a person would write them. */
final class CText {

  private static final int WIDTH = 100;
  private static final String INDENT = "    ";

  private final StringBuilder text = new StringBuilder();

  /** Adds a line. */
  CText line(String line) {
    text.append(line).append('\n');
    return this;
  }

  /** Adds text that has its lines already. */
  CText block(String block) {
    text.append(block);
    return this;
  }

  CText blank() {
    return line("");
  }

  /** Adds a call within a function, in more than one line if it is long. */
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

  /** Returns what a declaration of a constant begins with. */
  static String constant(ModelName model) {
    return "%s static const %s ".formatted(model.macro("CONST"), model.macro("SPACE"));
  }

  /**
   * Adds a constant table.
   *
   * @param constant what its declaration begins with
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

  /**
   * Returns a number of 32 bits. -2147483648 is none in C, but the negation of one that has more.
   */
  private static String number(int number) {
    return number == Integer.MIN_VALUE ? "-2147483647 - 1" : String.valueOf(number);
  }

  /** Returns lines as they are within a block. */
  static String indented(String lines) {
    return lines.indent(INDENT.length());
  }

  /** Returns a tensor as it is written in comments. */
  static String describe(IntegerTensor tensor) {
    return CNames.comment(tensor.name()) + " " + tensor.shape() + " " + tensor.format();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
