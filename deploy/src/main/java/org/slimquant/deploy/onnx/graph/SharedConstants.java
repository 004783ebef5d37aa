package org.slimquant.deploy.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Constants that are in the file once although several ops read them: the kernel and the bias of a
 * layer that is called several times.
 *
 * <p>With the option {@code session.x64quantprecision}, ONNX Runtime converts int8 weights beyond
 * 64 to uint8. It names the new constant after the old one, so it refuses to load a model in which
 * two ops read the same one. All ops but the first therefore read such a constant through a Reshape
 * to its own shape. When the model is loaded, the output of each Reshape becomes a constant of its
 * own:
 *
 * <pre>{@code
 * kernel ─┬──────────────────────────────▶ QLinearConv
 *         ├─▶ Reshape [0, 3, 16, 16] ────▶ QLinearConv
 *         └─▶ Reshape [3, 0, 16, 16] ────▶ QLinearConv
 * }</pre>
 *
 * <p>ONNX Runtime merges equal nodes, so each Reshape spells the shape differently: with 0 for a
 * dimension that stays, or -1 for one that follows from the others. When all spellings are used,
 * the constant is written again: after 8 ops for a matrix, after 48 for the kernel of a
 * convolution.
 */
final class SharedConstants {

  // A smaller constant costs less than the Reshape that would share it.
  private static final int FEW_BYTES = 64;

  // ONNX Runtime does not convert int8 weights up to this one.
  private static final int SMALL_WEIGHT = 63;

  private final Map<TensorProto, Shared> constants = new HashMap<>();

  /**
   * The way in which an op reads a constant that is already in the file.
   *
   * @param name the name of the constant
   * @param shape the spelling of the shape for the Reshape, or nothing if the op reads the constant
   *     itself
   */
  record Use(String name, Optional<List<Long>> shape) {}

  private record Shared(String name, List<List<Long>> spellings) {}

  /**
   * Notes a constant that is added to the file.
   *
   * @param unnamed the constant without its name
   */
  void add(TensorProto unnamed, String name) {
    if (isWorthIt(unnamed)) {
      constants.put(unnamed, new Shared(name, spellings(unnamed.getDimsList())));
    }
  }

  /** Returns the way to read an equal constant, if one is already in the file and can be shared. */
  Optional<Use> use(TensorProto unnamed) {
    Shared shared = constants.get(unnamed);
    if (shared == null) {
      return Optional.empty();
    } else if (!isReplaced(unnamed)) {
      return Optional.of(new Use(shared.name(), Optional.empty()));
    }
    return shared.spellings().isEmpty()
        ? Optional.empty()
        : Optional.of(new Use(shared.name(), Optional.of(shared.spellings().remove(0))));
  }

  /**
   * Whether a constant is shared: it must be large, and not the same number throughout. Zero points
   * are the same number throughout. ONNX Runtime replaces those of the weights that it converts.
   */
  private static boolean isWorthIt(TensorProto constant) {
    ByteString bytes = constant.getRawData();
    if (bytes.size() < FEW_BYTES) {
      return false;
    }
    for (int i = 1; i < bytes.size(); i++) {
      if (bytes.byteAt(i) != bytes.byteAt(0)) {
        return true;
      }
    }
    return false;
  }

  /** Whether ONNX Runtime may replace a constant by one of another type. */
  private static boolean isReplaced(TensorProto constant) {
    if (constant.getDataType() != DataType.INT8.getNumber()) {
      return false;
    }
    ByteString bytes = constant.getRawData();
    for (int i = 0; i < bytes.size(); i++) {
      if (Math.abs(bytes.byteAt(i)) > SMALL_WEIGHT) {
        return true;
      }
    }
    return false;
  }

  /** Returns the spellings of a shape that keep a constant's shape in a Reshape. */
  private static List<List<Long>> spellings(List<Long> shape) {
    List<List<Long>> spellings = new ArrayList<>();
    for (int kept = 0; kept < 1 << shape.size(); kept++) {
      List<Long> spelling = new ArrayList<>(shape);
      for (int axis = 0; axis < shape.size(); axis++) {
        if ((kept >> axis & 1) == 1) {
          spelling.set(axis, 0L);
        }
      }
      spellings.add(spelling);
      for (int axis = 0; axis < shape.size(); axis++) {
        if ((kept >> axis & 1) == 0) {
          List<Long> following = new ArrayList<>(spelling);
          following.set(axis, -1L);
          spellings.add(following);
        }
      }
    }
    return spellings;
  }
}
