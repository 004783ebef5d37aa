package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.deploy.c.CTrace;
import org.slimquant.deploy.certificate.CertifiedModels;
import org.slimquant.deploy.certificate.TensorFlowProcess;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.deploy.onnx.OnnxTrace;
import org.slimquant.deploy.onnx.RandomNetworks;
import org.slimquant.deploy.testing.TracedExample;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.testing.RandomCodes;
import org.slimquant.model.testing.RandomModel;
import org.slimquant.model.testing.Variety;

/** Random models, computed in every way that there is: each tensor has the engine's codes. */
final class EveryWayTest {

  private static final long SEED = 20_261_127;
  private static final long OUTPUTS = 10_000_000;
  private static final int BATCH_OUTPUTS = 150_000;
  private static final Variety VARIETY =
      RandomNetworks.computed(CertifiedModels.certified(Variety.ofBits(8))).withManyEnds();

  private static final List<TracedExample> EXAMPLES = new ArrayList<>();

  private final Path folder;

  EveryWayTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void examples() {
    long outputs = 0;
    for (long seed = SEED; outputs < OUTPUTS; seed++) {
      IntegerModel model = RandomModel.of(seed, VARIETY);
      int examples =
          1 + BATCH_OUTPUTS / model.ops().stream().mapToInt(op -> op.output().size()).sum();
      TracedExample example = TracedExample.of(model, RandomCodes.ofInputs(seed, model, examples));
      EXAMPLES.add(example);
      outputs += example.outputs();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TF_ENABLE_ONEDNN_OPTS=0",
        "TF_ENABLE_ONEDNN_OPTS=1",
        "TF_ENABLE_ONEDNN_OPTS=1 ONEDNN_MAX_CPU_ISA=AVX2",
        "TF_ENABLE_ONEDNN_OPTS=1 TF_NUM_INTRAOP_THREADS=1"
      })
  void tensorFlow(String settings) throws Exception {
    assertSame(settings, TensorFlowProcess.traces(folder, settings, EXAMPLES));
  }

  @Test
  void c() throws Exception {
    List<Map<String, int[]>> traces = new ArrayList<>();
    for (TracedExample example : EXAMPLES) {
      traces.add(CTrace.of(folder, example));
    }
    assertSame("C", traces);
  }

  @ParameterizedTest
  @EnumSource(names = {"QOPERATOR", "QOPERATOR_VNNI_OR_ARM"})
  void onnx(OnnxForm form) throws Exception {
    List<Map<String, int[]>> traces = new ArrayList<>();
    for (TracedExample example : EXAMPLES) {
      traces.add(OnnxTrace.of(form, example));
    }
    assertSame(form.name(), traces);
  }

  private static void assertSame(String way, List<Map<String, int[]>> traces) {
    long compared = 0;
    for (int i = 0; i < EXAMPLES.size(); i++) {
      TracedExample example = EXAMPLES.get(i);
      assertWithMessage("%s, seed %s, model\n%s", way, SEED + i, example.model())
          .that(example.differing(traces.get(i)))
          .isEmpty();
      compared += example.outputs();
    }
    System.out.printf(
        "%s: %d random models from seed %d, %d codes compared, 0 differ%n",
        way, EXAMPLES.size(), SEED, compared);
    assertThat(compared).isAtLeast(OUTPUTS);
  }
}
