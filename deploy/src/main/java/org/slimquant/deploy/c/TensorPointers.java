package org.slimquant.deploy.c;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * The pointers to the codes of a model's tensors. Those of the inputs are the parameters.
 *
 * <pre>{@code
 * int8_t *const relu1_codes = arena + 0;
 * }</pre>
 */
final class TensorPointers {

  private final CParameters parameters;
  private final Map<IntegerTensor, Pointer> pointers = new LinkedHashMap<>();

  /** Names a pointer for the output of each op. */
  TensorPointers(IntegerModel model, Arena arena) {
    parameters = CParameters.of(model);
    CNames names = new CNames("_codes".length());
    for (IntegerOp op : model.ops()) {
      IntegerTensor tensor = op.output();
      Optional<CParameter> outer = arena.outer(tensor).flatMap(parameters::first);
      String place = outer.map(CParameter::name).orElseGet(() -> arena.place(tensor));
      String name = names.unique(tensor.name(), "tensor") + "_codes";
      boolean readOnly = outer.filter(CParameter::readOnly).isPresent();
      pointers.put(tensor, new Pointer(name, CType.of(tensor), place, readOnly));
    }
  }

  /** Returns the name of a tensor's pointer. */
  String name(IntegerTensor tensor) {
    Pointer pointer = pointers.get(tensor);
    if (pointer != null) {
      return pointer.name();
    }
    return parameters
        .first(tensor)
        .map(CParameter::name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "a model must have the tensors it reads, but lacks " + tensor));
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
   * @param readOnly whether the codes are an input of the caller's
   */
  record Pointer(String name, CType type, String place, boolean readOnly) {}
}
