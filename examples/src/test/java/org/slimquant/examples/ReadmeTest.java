package org.slimquant.examples;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slimquant.examples.models.LeNet;
import org.slimquant.examples.models.QuantizedLeNet;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** The README says what the code says. */
final class ReadmeTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern COPIED_CODE =
      Pattern.compile("<!-- (\\S+) -->\\n```java\\n(.*?)```", Pattern.DOTALL);

  @Test
  void codeIsCopiedFromTheExamples() throws IOException {
    String readme = readme();
    List<MatchResult> copies = COPIED_CODE.matcher(readme).results().toList();

    // Every block of Java names its file.
    assertThat(copies).hasSize(readme.split("```java\n", -1).length - 1);
    for (MatchResult copy : copies) {
      String file = Files.readString(ROOT.resolve(copy.group(1)));
      assertWithMessage(copy.group(1)).that(file).contains(copy.group(2));
    }
  }

  @Test
  void thePlanIsThatOfTheModel() throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      long seed = 1;
      Operand<TFloat32> images =
          tf.withName("images")
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 8, 1)));
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      LeNet model = new QuantizedLeNet(tf, seed, quantizer);
      Operand<TFloat32> logits = model.logits(images);

      assertThat(logits.shape().get(1)).isEqualTo(10);
      assertThat(readme()).contains(quantizer.plan().toString().indent(3));
    }
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
