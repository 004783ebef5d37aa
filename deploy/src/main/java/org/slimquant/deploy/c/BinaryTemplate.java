package org.slimquant.deploy.c;

import java.util.Map;
import org.slimquant.model.BinaryOp;

/**
 * The template of a function of two tensors, and what it is filled with besides types.
 *
 * @param values the values of placeholders that differ between functions with one template
 */
record BinaryTemplate(Template template, Map<String, String> values) {

  private static final Template ADD = Template.of("add.c.in");
  private static final Template MULTIPLY = Template.of("multiply.c.in");
  private static final Template EXTREME = Template.of("extreme.c.in");

  /** Returns the template of a function. */
  static BinaryTemplate of(BinaryOp.Kind kind) {
    return switch (kind) {
      case ADD -> new BinaryTemplate(ADD, Map.of("what", "Sums", "operator", "+"));
      case SUBTRACT -> new BinaryTemplate(ADD, Map.of("what", "Differences", "operator", "-"));
      case MULTIPLY -> new BinaryTemplate(MULTIPLY, Map.of());
      case MAXIMUM -> new BinaryTemplate(EXTREME, Map.of("what", "larger", "operator", ">"));
      case MINIMUM -> new BinaryTemplate(EXTREME, Map.of("what", "smaller", "operator", "<"));
    };
  }
}
