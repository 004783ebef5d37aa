package org.slimquant.deploy.compile.graph;

import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.NodePayload.ArrangedKernel;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.NodePayload.BuiltModel;
import org.slimquant.deploy.compile.graph.NodePayload.Clamp;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.NodePayload.Movement;
import org.slimquant.deploy.compile.graph.NodePayload.Quantizer;
import org.slimquant.model.IntegerModel;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;

/**
 * An op of an {@link OpGraph}. Other nodes read one output of it. If they also read a second output
 * of an op of TensorFlow, no pass knows the op.
 *
 * @param id the name by which its readers refer to it: TensorFlow's name of the op, or the id of an
 *     added node
 * @param op the name of the op of TensorFlow that it comes from
 * @param type TensorFlow's type, or one of the types below that only the compiler has
 * @param inputs the ids of the nodes that it reads, with {@code :1} at the end for the second
 *     output of an op
 * @param shape the dimensions of its output after the first, which is the batch, if all are known
 * @param payload other facts about the op
 * @param added its place, if a pass has added it
 */
public record Node(
    String id,
    String op,
    String type,
    List<String> inputs,
    Optional<List<Integer>> shape,
    NodePayload payload,
    Optional<Added> added) {

  /** The type of the model's input. */
  public static final String INPUT = "Input";

  /** The type of a constant, which does not depend on the input; its payload is a literal. */
  public static final String CONSTANT = "Constant";

  /** The type of a fake quant; its payload is a quantizer. */
  public static final String QUANTIZE = "Quantize";

  /** The type of a clamp to constants; its payload is a clamp, and it reads one tensor. */
  public static final String CLAMP = "Clamp";

  /** The type of a function of one number; its payload is a table, or two slopes. */
  public static final String FUNCTION = "Function";

  /** The type of an integer op whose tensors are not made yet; its payload is a pending op. */
  public static final String PENDING = "Pending";

  /** The type of the integer model; its payload is a built model. */
  public static final String MODEL = "Model";

  /** Creates a node. */
  public Node {
    inputs = List.copyOf(inputs);
    shape = shape.map(List::copyOf);
  }

  /** Creates a node that TensorFlow has. */
  public Node(
      String id,
      String op,
      String type,
      List<String> inputs,
      Optional<List<Integer>> shape,
      NodePayload payload) {
    this(id, op, type, inputs, shape, payload, Optional.empty());
  }

  /** Creates a node that a pass adds. */
  public Node(
      Added added,
      String op,
      String type,
      List<String> inputs,
      Optional<List<Integer>> shape,
      NodePayload payload) {
    this(added.id(), op, type, inputs, shape, payload, Optional.of(added));
  }

  /** Returns the name of its tensor in a model. */
  public String tensorName() {
    return added.map(Added::tensorName).orElse(id);
  }

  public boolean is(String one) {
    return type.equals(one);
  }

  public boolean is(OpKind one) {
    return kind() == one;
  }

  /** Returns the kind of the op in TensorFlow. */
  public OpKind kind() {
    return OpKind.of(type);
  }

  /** Returns the role of the op. */
  public OpRole role() {
    return kind().role();
  }

  /** Returns whether the node is, or becomes, a part of an integer model. */
  public boolean isInteger() {
    return role().isInteger()
        || is(INPUT)
        || is(QUANTIZE)
        || is(CONSTANT)
        || is(CLAMP)
        || is(FUNCTION);
  }

  public String input() {
    return inputs.get(0);
  }

  public Attributes attributes() {
    return payload instanceof Attributes attributes ? attributes : Attributes.NONE;
  }

  public Optional<Literal> literal() {
    return payload instanceof Literal literal
        ? Optional.of(literal)
        : arrangedKernel().map(ArrangedKernel::values);
  }

  /** Returns the kernel that a constant is in another arrangement. */
  public Optional<ArrangedKernel> arrangedKernel() {
    return payload instanceof ArrangedKernel kernel ? Optional.of(kernel) : Optional.empty();
  }

  public Optional<Movement> movement() {
    return payload instanceof Movement movement ? Optional.of(movement) : Optional.empty();
  }

  public Optional<Quantizer> quantizer() {
    return payload instanceof Quantizer quantizer ? Optional.of(quantizer) : Optional.empty();
  }

  public Optional<Clamp> clamp() {
    return payload instanceof Clamp clamp ? Optional.of(clamp) : Optional.empty();
  }

  public Optional<PendingOp> pending() {
    return payload instanceof PendingOp pending ? Optional.of(pending) : Optional.empty();
  }

  public Optional<IntegerModel> model() {
    return payload instanceof BuiltModel built ? Optional.of(built.model()) : Optional.empty();
  }

  public Node withInputs(List<String> others) {
    return new Node(id, op, type, others, shape, payload, added);
  }

  public Node withShape(Optional<List<Integer>> other) {
    return new Node(id, op, type, inputs, other, payload, added);
  }

  /** Returns this op with another type. */
  public Node as(String otherType, List<String> otherInputs, NodePayload otherPayload) {
    return new Node(id, op, otherType, otherInputs, shape, otherPayload, added);
  }

  /** Returns TensorFlow's type of the op, as messages have it. */
  public String typeInTensorFlow() {
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
            .or(() -> movement().map(movement -> "[%s]".formatted(movement.text())))
            .or(() -> literal().map(literal -> literal.shape().toString()))
            .or(
                () ->
                    pending()
                        .map(
                            pending ->
                                "[%s, %s]".formatted(pending.root().type(), pending.format())))
            .orElse("");
    return "%s%s %s <- %s".formatted(type, what, id, inputs);
  }
}
