package org.slimquant.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The ways in which a layer takes and returns several operands: in arrays, lists and records.
 * Generated code calls these methods.
 *
 * <pre>{@code
 * x ─▶ Split ─┬─▶                 x ─▶ Split ─┬─▶ FakeQuant ─▶       heads/SlimQuant/output
 *             └─▶                             └─▶ FakeQuant ─▶       heads/SlimQuant/output_1
 * }</pre>
 */
public final class OperandGroup {

  /**
   * The ops of a layer: the call of the layer method that a generated class overrides.
   *
   * @param <T> the type that the method returns
   */
  @FunctionalInterface
  public interface Body<T> {

    /** Adds the layer's ops to the graph and returns its outputs. */
    T build() throws Throwable;
  }

  private OperandGroup() {}

  /**
   * Builds a layer that returns an array, and quantizes its kernel, its bias and each of its
   * outputs, as {@link GraphQuantizer#layer} does with one.
   *
   * @return the quantized outputs in a new array
   * @throws IllegalStateException as {@link GraphQuantizer#layer}; or if the layer returns no
   *     outputs
   * @throws IllegalArgumentException as {@link GraphQuantizer#layer}
   */
  public static Operand<TFloat32>[] array(
      @Nullable GraphQuantizer quantizer, QuantizedLayer layer, Body<Operand<TFloat32>[]> body) {
    return record(quantizer, layer, body, Arrays::asList, OperandGroup::toArray);
  }

  /**
   * Builds a layer that returns a list, and quantizes its kernel, its bias and each of its outputs,
   * as {@link GraphQuantizer#layer} does with one.
   *
   * @return the quantized outputs in a list that cannot be changed
   * @throws IllegalStateException as {@link GraphQuantizer#layer}; or if the layer returns no
   *     outputs
   * @throws IllegalArgumentException as {@link GraphQuantizer#layer}
   */
  public static List<Operand<TFloat32>> list(
      @Nullable GraphQuantizer quantizer,
      QuantizedLayer layer,
      Body<List<Operand<TFloat32>>> body) {
    return record(quantizer, layer, body, Function.identity(), Function.identity());
  }

  /**
   * Builds a layer that returns a record, and quantizes its kernel, its bias and each of its
   * outputs, as {@link GraphQuantizer#layer} does with one.
   *
   * @param outputs returns the components of a record
   * @param record returns the record with other components
   * @return the record of the quantized outputs
   * @throws IllegalStateException as {@link GraphQuantizer#layer}; or if the layer returns no
   *     outputs
   * @throws IllegalArgumentException as {@link GraphQuantizer#layer}
   */
  public static <R> R record(
      @Nullable GraphQuantizer quantizer,
      QuantizedLayer layer,
      Body<R> body,
      Function<R, List<Operand<TFloat32>>> outputs,
      Function<List<Operand<TFloat32>>, R> record) {
    if (quantizer == null) {
      throw LayerBuilder.noQuantizer(layer);
    }
    return record.apply(
        quantizer.builder.build(
            layer,
            () -> {
              R result = body.build();
              if (result == null) {
                throw LayerOutputs.nothing(layer);
              }
              return outputs.apply(result);
            }));
  }

  /**
   * Quantizes the operands in an array that flows into the layer that is being built.
   *
   * @return the quantized operands in a new array
   * @throws IllegalStateException if no layer is being built
   * @throws IllegalArgumentException if an operand is null, not of the quantizer's graph or has
   *     another format already
   */
  public static Operand<TFloat32>[] inputs(
      GraphQuantizer quantizer, QuantizedInputs inputs, Operand<TFloat32>[] operands) {
    return toArray(quantizer.builder.quantizeInputs(inputs, Arrays.asList(operands)));
  }

  /**
   * Quantizes the operands in an {@code Iterable} that flows into the layer that is being built.
   *
   * @return the quantized operands in a list that cannot be changed
   * @throws IllegalStateException if no layer is being built
   * @throws IllegalArgumentException if an operand is null, not of the quantizer's graph or has
   *     another format already
   */
  public static List<Operand<TFloat32>> inputs(
      GraphQuantizer quantizer,
      QuantizedInputs inputs,
      Iterable<? extends Operand<TFloat32>> operands) {
    return quantizer.builder.quantizeInputs(
        inputs,
        StreamSupport.stream(operands.spliterator(), false)
            .<Operand<TFloat32>>map(operand -> operand)
            .toList());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array cannot be made with a type argument
  private static Operand<TFloat32>[] toArray(List<Operand<TFloat32>> operands) {
    return operands.toArray(new Operand[0]);
  }
}
