package org.slimquant.deploy.compile.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.NodePayload.Clamp;
import org.slimquant.deploy.compile.graph.NodePayload.Quantizer;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.graph.OpKind;

/**
 * The tensors that have codes already, with their formats: outputs of fake quants, and outputs of
 * ops that only choose among codes, move them or add zeros.
 *
 * <p>Relu6 is such an op if 6 is a code, or beyond all codes. A concat, a maximum and a minimum are
 * such ops if all their inputs have the same format.
 */
public final class Grids {

  private static final double SIX = 6;

  private final Map<String, FixedPoint> formats = new HashMap<>();

  public static Grids of(OpGraph graph) {
    Grids grids = new Grids();
    graph.nodes().forEach(grids::add);
    return grids;
  }

  /** Notes the format of a node. The formats of its inputs must be noted before. */
  public void add(Node node) {
    format(node).ifPresent(format -> formats.put(node.id(), format));
  }

  /** Returns the format of a tensor, if it has codes. */
  public Optional<FixedPoint> of(String tensor) {
    return Optional.ofNullable(formats.get(tensor));
  }

  private Optional<FixedPoint> format(Node node) {
    if (node.is(Node.QUANTIZE)) {
      return node.quantizer().map(Quantizer::format);
    }
    if (node.is(Node.CLAMP)) {
      Clamp clamp = node.clamp().orElseThrow();
      return of(node.input())
          .filter(format -> holds(format, clamp.min()) && holds(format, clamp.max()));
    }
    return switch (node.role()) {
      case MAXIMUM, MOVER, PADDING, SHAPER -> of(node.input());
      case MOVEMENT -> common(moved(node));
      case ACTIVATION ->
          of(node.input()).filter(format -> !node.is(OpKind.RELU_6) || holds(format, SIX));
      case JOIN -> common(node.inputs().subList(0, node.inputs().size() - 1));
      case ARITHMETIC ->
          node.is(OpKind.MAXIMUM) || node.is(OpKind.MINIMUM)
              ? common(node.inputs())
              : Optional.empty();
      case AVERAGE,
          BIAS,
          CHOICE,
          CONVOLUTION,
          FACTOR,
          FAKE_QUANT,
          FILL,
          FLOAT_CONVOLUTION,
          FLOAT_MOVER,
          FLOAT_PRODUCT,
          IDENTITY,
          OTHER,
          PRODUCT,
          SCORE,
          SIZE,
          SUM,
          TRANSPOSED_CONVOLUTION,
          WEIGHT ->
          Optional.empty();
    };
  }

  /** Returns the tensors that an op moves, which is refused where it is matched. */
  private static List<String> moved(Node node) {
    return switch (node.kind()) {
      case PACK -> node.inputs();
      case SPLIT -> node.inputs().subList(1, 2);
      default -> node.inputs().subList(0, 1);
    };
  }

  /** Returns whether a number is a code, or beyond all codes. */
  private static boolean holds(FixedPoint format, double number) {
    double code = Math.scalb(number, -format.frac());
    return code == Math.rint(code) || code >= format.maxCode() || code <= format.minCode();
  }

  private Optional<FixedPoint> common(List<String> tensors) {
    List<Optional<FixedPoint>> all = tensors.stream().map(this::of).distinct().toList();
    return all.size() == 1 ? all.get(0) : Optional.empty();
  }
}
