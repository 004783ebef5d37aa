@NullMarked
package org.slimquant.demo.models;

import org.jspecify.annotations.NullMarked;
