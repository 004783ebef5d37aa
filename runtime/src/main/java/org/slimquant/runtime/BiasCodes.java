package org.slimquant.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Remark;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/**
 * Reads the codes of biases from a session and finds those that float32 cannot add exactly.
 *
 * <p>A code is exact by itself, because a bias has no more than 24 significant bits. Its sum with
 * an accumulator is exact as long as no part of it exceeds 2^24.
 */
final class BiasCodes {

  private static final double EXACT = 1 << 24;

  private BiasCodes() {}

  static List<Remark> remarks(Session session, List<Site> sites) {
    List<Site> biases = sites.stream().filter(site -> site.kind() == Kind.BIAS).toList();
    if (biases.isEmpty()) {
      return List.of();
    }
    List<Remark> remarks = new ArrayList<>();
    List<Output<?>> fetched =
        biases.stream()
            .<Output<?>>map(site -> session.graph().operationOrThrow(site.name()).output(0))
            .toList();
    InitialValues.refuse(session, fetched);
    Session.Runner runner = session.runner();
    fetched.forEach(runner::fetch);
    try (Result result = UninitializedVariables.run(session, runner, fetched)) {
      for (int i = 0; i < biases.size(); i++) {
        double[] codes = codes((TFloat32) result.get(i), biases.get(i).format().fracs());
        long tooLarge = IntStream.range(0, codes.length).filter(c -> codes[c] > EXACT).count();
        if (tooLarge > 0) {
          remarks.add(
              new Remark(
                  biases.get(i).name(),
                  "%d of %d codes are beyond 24 bits: float32 does not add them exactly"
                      .formatted(tooLarge, codes.length)));
        }
      }
    }
    return remarks;
  }

  /** Returns the magnitudes of the codes. */
  private static double[] codes(TFloat32 values, List<Integer> fracs) {
    float[] elements = new float[Math.toIntExact(values.size())];
    values.copyTo(NdArrays.wrap(values.shape(), DataBuffers.of(elements, false, false)));
    return IntStream.range(0, elements.length)
        .mapToDouble(i -> Math.scalb((double) Math.abs(elements[i]), -fracs.get(i % fracs.size())))
        .toArray();
  }
}
