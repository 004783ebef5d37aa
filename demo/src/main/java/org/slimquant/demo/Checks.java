package org.slimquant.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.measures.Check;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.SavedModel;
import org.slimquant.runtime.Finding;
import org.slimquant.runtime.UnquantizedRead;
import org.slimquant.runtime.WrongGradient;

/** The checks that every quantized model must pass, at any accuracy. */
final class Checks {

  private static final int EVALUATION_BATCH = 500;

  private Checks() {}

  /**
   * Returns the check that no op reads a raw tensor.
   *
   * @param findings the findings of the quantizer's verification
   */
  static Check noReadAround(List<Finding> findings) {
    return noneOf(
        UnquantizedRead.class,
        findings,
        "no op reads a quantized tensor around its fake quant",
        "none does");
  }

  /**
   * Returns the check that TensorFlow computes no gradient wrongly with which the model is trained.
   *
   * @param findings the findings of the quantizer's verification
   */
  static Check rightGradients(List<Finding> findings) {
    return noneOf(
        WrongGradient.class,
        findings,
        "no op that is trained through has a wrong gradient",
        "none has");
  }

  private static Check noneOf(
      Class<? extends Finding> kind, List<Finding> findings, String rule, String passed) {
    String found =
        findings.stream()
            .filter(kind::isInstance)
            .map(Finding::toString)
            .collect(Collectors.joining("; "));
    return found.isEmpty() ? Check.passed(rule, passed) : Check.failed(rule, found);
  }

  /** Saves a model, loads it, and returns the check that both compute the same. */
  static Check saveAndLoad(Classifier classifier, Path folder, int threads, LabelledImages images)
      throws IOException {
    classifier.save(folder);
    String rule = "the saved model, loaded again, computes the same logits bit for bit";
    try (SavedModel loaded = new SavedModel(folder, threads)) {
      long logits = 0;
      long different = 0;
      for (LabelledImages batch : images.batches(EVALUATION_BATCH)) {
        float[] expected = classifier.logits(batch);
        float[] actual = loaded.logits(batch);
        logits += expected.length;
        different += Arrays.equals(expected, actual) ? 0 : batch.size();
      }
      return different == 0
          ? Check.passed(rule, String.format(Locale.ROOT, "%,d logits in %s", logits, folder))
          : Check.failed(rule, "different for some of %d images".formatted(different));
    }
  }
}
