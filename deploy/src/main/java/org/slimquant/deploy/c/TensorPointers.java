package org.slimquant.deploy.c;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slimquant.model.IntegerTensor;

/**
 * The declarations of where each tensor is, and the name that it has there.
 *
 * <pre>{@code
 * int8_t *const relu1_codes = arena + 0;
 * }</pre>
 */
final class TensorPointers {

  private final Arena arena;
  private final CNames names = new CNames("_codes".length());
  private final Map<IntegerTensor, String> variables = new LinkedHashMap<>();
  private final CText declarations = new CText();

  TensorPointers(Arena arena, IntegerTensor input) {
    this.arena = arena;
    variables.put(input, "input");
  }

  /** Gives the output of an op a name in C. */
  void declare(IntegerTensor tensor) {
    String variable = names.unique(tensor.name(), "tensor") + "_codes";
    variables.put(tensor, variable);
    boolean input = arena.isInput(tensor);
    String place = input ? "input" : arena.isOutput(tensor) ? "output" : arena.place(tensor);
    declarations.line(
        "    %s%s *const %s = %s;"
            .formatted(input ? "const " : "", CType.of(tensor).text, variable, place));
  }

  /** Returns the name of a tensor that was declared. */
  String variable(IntegerTensor tensor) {
    String variable = variables.get(tensor);
    if (variable == null) {
      throw new IllegalStateException(
          "a model must have the tensors it reads, but lacks " + tensor);
    }
    return variable;
  }

  /** Returns the declarations. */
  @Override
  public String toString() {
    return declarations.toString();
  }
}
