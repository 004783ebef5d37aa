package org.slimquant.deploy;

import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.Detail.Attributes;
import org.slimquant.deploy.Detail.Literal;
import org.slimquant.deploy.Detail.Quantizer;

/**
 * An op of a dataflow graph. It has one output that others read; a further output of an op of
 * TensorFlow makes it one that no pass knows.
 *
 * @param id what its readers call it: TensorFlow's name of the op, or that with apostrophes, which
 *     no name in TensorFlow has, where a pass has put a copy beside it
 * @param op the name of the op of TensorFlow that it comes from
 * @param type TensorFlow's type, or {@link #INPUT}, {@link #CONSTANT} or {@link #QUANTIZE}
 * @param inputs what it reads: ids, with {@code :1} behind for the second output of an op
 * @param shape the dimensions of its output behind the first, which is the batch, if all are known
 * @param detail what else is known
 */
record Node(
    String id,
    String op,
    String type,
    List<String> inputs,
    Optional<List<Integer>> shape,
    Detail detail) {

  /** What the model is given. */
  static final String INPUT = "Input";

  /** What does not depend on the input; its detail is a literal. */
  static final String CONSTANT = "Constant";

  /** A fake quant; its detail is a quantizer. */
  static final String QUANTIZE = "Quantize";

  Node {
    inputs = List.copyOf(inputs);
    shape = shape.map(List::copyOf);
  }

  boolean is(String one) {
    return type.equals(one);
  }

  String input() {
    return inputs.get(0);
  }

  Attributes attributes() {
    return detail instanceof Attributes attributes ? attributes : Attributes.NONE;
  }

  Optional<Literal> literal() {
    return detail instanceof Literal literal ? Optional.of(literal) : Optional.empty();
  }

  Optional<Quantizer> quantizer() {
    return detail instanceof Quantizer quantizer ? Optional.of(quantizer) : Optional.empty();
  }

  Node withInputs(List<String> others) {
    return new Node(id, op, type, others, shape, detail);
  }

  Node withShape(Optional<List<Integer>> other) {
    return new Node(id, op, type, inputs, other, detail);
  }

  /** Returns TensorFlow's type of the op, as messages have it. */
  String typeInTensorFlow() {
    return switch (type) {
      case INPUT -> attributes().inputType();
      case CONSTANT -> "Const";
      case QUANTIZE -> "FakeQuantWithMinMaxVars";
      default -> type;
    };
  }

  /** Returns the node as it is written in tests: {@code type id <- [inputs]}. */
  @Override
  public String toString() {
    String what =
        quantizer()
            .map(quantizer -> "[%s]".formatted(quantizer.format()))
            .or(() -> literal().map(literal -> literal.shape().toString()))
            .orElse("");
    return "%s%s %s <- %s".formatted(type, what, id, inputs);
  }
}
