package org.slimquant.deploy.c;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.model.IntegerModel;

/**
 * A model as a C program before it is printed: the content of header, source and test program.
 *
 * <p>For a convolution of LeNet it has the constants {@code lenet_Conv1_layer}, {@code
 * lenet_Conv1_kernel} and {@code lenet_Conv1_bias}, the variable {@code relu1_codes} at {@code
 * arena + 0}, the function {@code lenet_conv2d_s8_s8} with those that it calls, and its call.
 *
 * @param model the model
 * @param name the model's name in C
 * @param arena the memory of the tensors
 * @param functions the functions, each after those that it calls
 * @param constants the constants of the layers
 * @param pointers the pointers to the outputs of the ops, in the order of the ops
 * @param calls the statements of each op, in the order of the ops
 */
record CProgram(
    IntegerModel model,
    ModelName name,
    Arena arena,
    List<CFunction> functions,
    List<CConstant> constants,
    List<TensorPointers.Pointer> pointers,
    List<OpCalls> calls) {

  CProgram {
    functions = List.copyOf(functions);
    constants = List.copyOf(constants);
    pointers = List.copyOf(pointers);
    calls = List.copyOf(calls);
  }

  /**
   * Returns the program of a model.
   *
   * @throws IllegalArgumentException if the tensors need more than 2^31 - 1 bytes
   */
  static CProgram of(IntegerModel model) {
    return new ProgramBuilder(model).build();
  }

  /** Returns the memory that the code needs. */
  CFootprint footprint() {
    long kernels = bytes(true);
    return new CFootprint(kernels, bytes(false), arena.bytes(), arena.unsharedBytes());
  }

  private long bytes(boolean ofKernels) {
    return constants.stream()
        .filter(constant -> ofKernels == (constant instanceof CTable table && table.kernel()))
        .mapToLong(CConstant::bytes)
        .sum();
  }

  /** Returns whether any function computes in steps of the macro STEP. */
  boolean needsStep() {
    return functions.stream().anyMatch(function -> function.kind().equals("dense"));
  }

  /** Returns whether any op has the description of a layer. */
  boolean hasLayers() {
    return constants.stream().anyMatch(LayerStruct.class::isInstance);
  }

  /** Returns the parameters of the functions that run the model. */
  CParameters parameters() {
    return CParameters.of(model);
  }

  /**
   * Returns the outputs that the code must copy at the end, each with the array to copy. They are
   * an input, or an input or another output under another shape.
   */
  Map<CParameter, CParameter> copies() {
    CParameters parameters = parameters();
    Map<CParameter, CParameter> copies = new LinkedHashMap<>();
    for (CParameter output : parameters.outputs()) {
      arena
          .outer(output.tensor())
          .flatMap(parameters::first)
          .filter(array -> !array.equals(output))
          .ifPresent(array -> copies.put(output, array));
    }
    return copies;
  }
}
