package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {

  private static final ModelName NET = ModelName.of("net");

  private static String fill(String text, Map<String, String> values) {
    return new Template("test.c.in", text).fill(NET, values);
  }

  private static String refused(String text, Map<String, String> values) {
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> fill(text, values));
    return String.valueOf(e.getMessage());
  }

  @Test
  void wordsOfALine() {
    assertThat(fill("${a}_${b}(${a})\n", Map.of("a", "x", "b", "y"))).isEqualTo("x_y(x)\n");
  }

  @Test
  void namesOfTheModel() {
    assertThat(fill("${model}_run ${MODEL}_SPACE", Map.of())).isEqualTo("net_run NET_SPACE");
  }

  @Test
  void wholeLines() {
    assertThat(fill("{\n${lines}\n}\n", Map.of("lines", "a;\nb;\n"))).isEqualTo("{\na;\nb;\n}\n");
    assertThat(fill("{\n${lines}\n}\n", Map.of("lines", ""))).isEqualTo("{\n}\n");
  }

  @Test
  void valuesThatLookLikePlaceholders() {
    assertThat(fill("${a} ${b}", Map.of("a", "${b} $1 \\", "b", "y"))).isEqualTo("${b} $1 \\ y");
  }

  @Test
  void placeholderWithoutAValue() {
    assertThat(refused("${a} ${b}", Map.of("a", "x")))
        .isEqualTo("each placeholder of test.c.in must have a value, but ${b} has none");
  }

  @Test
  void dollarWithoutAPlaceholder() {
    assertThat(refused("$a", Map.of("a", "x")))
        .isEqualTo("each placeholder of test.c.in must have a value, but $ has none");
  }

  @Test
  void valueWithoutAPlaceholder() {
    assertThat(refused("${a}", Map.of("a", "x", "b", "y", "c", "z")))
        .isEqualTo("each value must have a placeholder in test.c.in, but [b, c] have none");
  }

  @Test
  void partOfALineOnALineOfItsOwn() {
    assertThat(refused("${a}\n", Map.of("a", "x")))
        .isEqualTo("${a} of test.c.in must have whole lines as its value, but has x");
  }

  @Test
  void noFile() {
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> Template.of("missing.c.in"));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo("a template must be a resource, but missing.c.in is missing");
  }
}
