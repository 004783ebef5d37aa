package org.slimquant.deploy.certificate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;

/**
 * A model's codes as TensorFlow's float32 and as integers compute them, held against each other.
 *
 * @param compared how many outputs of ops were compared
 * @param differing how many of them differ, for each op that has some
 */
record FloatComparison(long compared, Map<String, Integer> differing) {

  static FloatComparison of(IntegerModel model, int[] input) {
    Map<String, int[]> codes = IntegerEngine.of(model).trace(input);
    long compared = 0;
    Map<String, Integer> differing = new LinkedHashMap<>();
    try (FakeQuantGraph graph = FakeQuantGraph.of(model)) {
      Map<String, float[]> reals = graph.run(input);
      for (IntegerOp op : model.ops()) {
        int[] ofEngine = codes.get(op.output().name());
        float[] ofGraph = reals.get(op.output().name());
        if (ofEngine == null || ofGraph == null || ofEngine.length != ofGraph.length) {
          throw new AssertionError(op.name() + " has not the same outputs");
        }
        int differences = 0;
        for (int i = 0; i < ofEngine.length; i++) {
          if (ofGraph[i] != op.output().format().dequantize(ofEngine[i])) {
            differences++;
          }
        }
        compared += ofEngine.length;
        if (differences > 0) {
          differing.put(op.name(), differences);
        }
      }
    }
    return new FloatComparison(compared, differing);
  }
}
