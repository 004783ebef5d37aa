package org.slimquant.deploy.c;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * The pointers to the codes of a model's tensors. That of the input is the parameter {@code input}.
 *
 * <pre>{@code
 * int8_t *const relu1_codes = arena + 0;
 * }</pre>
 */
final class TensorPointers {

  private final IntegerTensor input;
  private final Map<IntegerTensor, Pointer> pointers = new LinkedHashMap<>();

  /** Names a pointer for the output of each op. */
  TensorPointers(IntegerModel model, Arena arena) {
    input = model.input();
    CNames names = new CNames("_codes".length());
    for (IntegerOp op : model.ops()) {
      IntegerTensor tensor = op.output();
      boolean isInput = arena.isInput(tensor);
      String place = isInput ? "input" : arena.isOutput(tensor) ? "output" : arena.place(tensor);
      String name = names.unique(tensor.name(), "tensor") + "_codes";
      pointers.put(tensor, new Pointer(name, CType.of(tensor), place, isInput));
    }
  }

  /** Returns the name of a tensor's pointer. */
  String name(IntegerTensor tensor) {
    Pointer pointer = pointers.get(tensor);
    if (pointer != null) {
      return pointer.name();
    } else if (tensor.equals(input)) {
      return "input";
    }
    throw new IllegalStateException("a model must have the tensors it reads, but lacks " + tensor);
  }

  /** Returns the pointers to the outputs, in the order of the ops. */
  List<Pointer> all() {
    return List.copyOf(pointers.values());
  }

  /**
   * A pointer.
   *
   * @param name the variable's name
   * @param type the type of the codes
   * @param place the expression for where the codes are
   * @param readOnly whether the codes are the caller's input
   */
  record Pointer(String name, CType type, String place, boolean readOnly) {}
}
