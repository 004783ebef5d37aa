package org.slimquant.deploy.compile.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slimquant.deploy.compile.graph.NodePayload.Quantizer;
import org.slimquant.format.FixedPoint;

/**
 * Which tensors have codes already, and in which format: what comes out of a fake quant, and what
 * ops make of it that only choose among codes, move them or add zeros.
 *
 * <p>Relu6 is such an op if 6 is a code, or beyond all codes; a concat, if all that it joins has
 * one format.
 */
public final class Grids {

  /** Ops that move elements to other places, choose among them, or put zeros beside them. */
  public static final Set<String> MOVERS =
      Set.of("Max", "MaxPool", "MaxPoolV2", "Pad", "PadV2", "Reshape");

  private static final double SIX = 6;

  private final Map<String, FixedPoint> formats = new HashMap<>();

  public static Grids of(OpGraph graph) {
    Grids grids = new Grids();
    graph.nodes().forEach(grids::add);
    return grids;
  }

  /** Notes the format of a node, those that it reads being noted. */
  public void add(Node node) {
    format(node).ifPresent(format -> formats.put(node.id(), format));
  }

  /** Returns the format of a tensor, if it has codes. */
  public Optional<FixedPoint> of(String tensor) {
    return Optional.ofNullable(formats.get(tensor));
  }

  private Optional<FixedPoint> format(Node node) {
    return switch (node.type()) {
      case Node.QUANTIZE -> node.quantizer().map(Quantizer::format);
      case "Max", "MaxPool", "MaxPoolV2", "Pad", "PadV2", "Relu", "Reshape" -> of(node.input());
      case "Relu6" -> of(node.input()).filter(Grids::holdsSix);
      case "ConcatV2" -> common(node.inputs().subList(0, node.inputs().size() - 1));
      default -> Optional.empty();
    };
  }

  private static boolean holdsSix(FixedPoint format) {
    double code = Math.scalb(SIX, -format.frac());
    return code == Math.rint(code) || code >= format.maxCode();
  }

  private Optional<FixedPoint> common(List<String> tensors) {
    List<Optional<FixedPoint>> all = tensors.stream().map(this::of).distinct().toList();
    return all.size() == 1 ? all.get(0) : Optional.empty();
  }
}
