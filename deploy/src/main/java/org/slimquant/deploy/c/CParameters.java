package org.slimquant.deploy.c;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;

/**
 * The parameters of the functions that run a model, in the order of the model.
 *
 * <pre>{@code
 * const int8_t *input, int8_t *output                                        one of each
 * const int8_t *input_1, const uint8_t *input_2, int8_t *output              two inputs
 * }</pre>
 *
 * <p>Several have numbers, not the names of their tensors. So the macros of one model never equal
 * those of another, whatever the names of models and tensors.
 */
record CParameters(List<CParameter> inputs, List<CParameter> outputs) {

  CParameters {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  static CParameters of(IntegerModel model) {
    return new CParameters(
        numbered(model.inputs(), "input", true), numbered(model.outputs(), "output", false));
  }

  private static List<CParameter> numbered(
      List<IntegerTensor> tensors, String word, boolean readOnly) {
    return IntStream.range(0, tensors.size())
        .mapToObj(
            i ->
                new CParameter(
                    tensors.size() == 1 ? word : "%s_%d".formatted(word, i + 1),
                    tensors.get(i),
                    readOnly))
        .toList();
  }

  /** Returns all: inputs, then outputs. */
  List<CParameter> all() {
    return Stream.concat(inputs.stream(), outputs.stream()).toList();
  }

  /** Returns the first parameter with a tensor's codes: an input that is an output has two. */
  Optional<CParameter> first(IntegerTensor tensor) {
    return all().stream().filter(parameter -> parameter.tensor().equals(tensor)).findFirst();
  }

  /** Returns the declarations of all. */
  String declarations() {
    return all().stream().map(CParameter::declaration).collect(Collectors.joining(", "));
  }

  /** Returns the names of all. */
  String arguments() {
    return all().stream().map(CParameter::name).collect(Collectors.joining(", "));
  }
}
