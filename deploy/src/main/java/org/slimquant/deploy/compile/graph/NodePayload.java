package org.slimquant.deploy.compile.graph;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Codes;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.Slope;
import org.slimquant.model.TieDistance;

/** The facts about a node besides its type and its inputs. */
public sealed interface NodePayload
    permits NodePayload.Attributes,
        NodePayload.Quantizer,
        NodePayload.Literal,
        NodePayload.ArrangedKernel,
        NodePayload.Movement,
        NodePayload.Clamp,
        NodePayload.Slopes,
        NodePayload.Lookup,
        PendingOp,
        NodePayload.BuiltModel {

  /** The attributes of an op of TensorFlow that passes and matchers read. */
  public record Attributes(
      Map<String, List<Long>> numbers, Map<String, String> texts, Map<String, Boolean> flags)
      implements NodePayload {

    private static final String INPUT_TYPE = "input type";

    public static final Attributes NONE = new Attributes(Map.of(), Map.of(), Map.of());

    /** Returns the payload of the input, an op of a type. */
    public static Attributes ofInput(String type) {
      return new Attributes(Map.of(), Map.of(INPUT_TYPE, type), Map.of());
    }

    /** Returns TensorFlow's type of the op, if the node is the input. */
    public String inputType() {
      return text(INPUT_TYPE);
    }

    public List<Long> numbers(String name) {
      return numbers.getOrDefault(name, List.of());
    }

    public String text(String name) {
      return texts.getOrDefault(name, "");
    }

    public boolean flag(String name) {
      return flags.getOrDefault(name, false);
    }

    /** Returns these attributes with others of the same names replaced. */
    public Attributes with(Map<String, List<Long>> otherNumbers, Map<String, String> otherTexts) {
      Map<String, List<Long>> allNumbers = new LinkedHashMap<>(numbers);
      allNumbers.putAll(otherNumbers);
      Map<String, String> allTexts = new LinkedHashMap<>(texts);
      allTexts.putAll(otherTexts);
      return new Attributes(allNumbers, allTexts, flags);
    }
  }

  /**
   * A kernel that is a constant, in another arrangement than in the layer that it belongs to.
   *
   * @param values its elements, the output channels last
   * @param kernel the name of the kernel from which it is made, whose site has the format
   * @param channels for each output channel the channel of that kernel
   * @param count the number of channels of that kernel
   */
  public record ArrangedKernel(Literal values, String kernel, List<Integer> channels, int count)
      implements NodePayload {

    /** Creates a kernel. */
    public ArrangedKernel {
      channels = List.copyOf(channels);
    }
  }

  /**
   * A movement of elements that is one integer op.
   *
   * @param text the movement as tests write it
   * @param keepsLast whether each element keeps its place along the last axis
   * @param body the function that makes the op
   */
  public record Movement(String text, boolean keepsLast, PendingOp.Body body)
      implements NodePayload {}

  /** The integer model that the graph was compiled to. */
  public record BuiltModel(IntegerModel model) implements NodePayload {}

  /**
   * A clamp to two numbers, which may be infinite.
   *
   * @param input at which input TensorFlow's op reads the tensor that it clamps
   */
  public record Clamp(double min, double max, int input) implements NodePayload {

    /** Creates a clamp without an op of TensorFlow. */
    public Clamp(double min, double max) {
      this(min, max, 0);
    }
  }

  /** Multiplies numbers from 0 on with one slope, those below 0 with another, and clamps. */
  public record Slopes(Slope positive, Slope negative, Clamp clamp) implements NodePayload {

    /** The function that returns its argument. */
    public static final Slopes IDENTITY =
        new Slopes(
            Slope.ONE, Slope.ONE, new Clamp(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
  }

  /** A table with the output's code for each code of the input. */
  public record Lookup(Codes codes, TieDistance nearestTie) implements NodePayload {}

  /** A fake quant: the name of its site and the format to which it rounds. */
  public record Quantizer(String site, FixedPoint format) implements NodePayload {}

  /**
   * The value of a constant, float32 or an integer below 2^53: a double represents both exactly.
   *
   * @param shape its dimensions
   * @param elements its elements, the last axis fastest; not to be changed
   */
  // Compared by identity: a literal belongs to the one node that holds it.
  @SuppressWarnings(
      "ArrayRecordComponent") // boxed, the weights of a network take six times as much
  public record Literal(List<Integer> shape, double[] elements) implements NodePayload {

    /** Returns the elements as whole numbers: axes, sizes, paddings. */
    public List<Integer> integers() {
      return Arrays.stream(elements).mapToObj(element -> (int) element).toList();
    }

    /** Returns whether the elements differ along the last axis only. */
    public boolean isVector() {
      return shape.isEmpty() || elements.length == shape.get(shape.size() - 1);
    }

    public boolean isZero() {
      return Arrays.stream(elements).allMatch(element -> element == 0);
    }
  }
}
