// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Form} from "./Form.sol";
import {Tables} from "./Tables.sol";
import {Memory} from "./Memory.sol";
import {Scope} from "./Scope.sol";
import {Shape} from "./Shape.sol";
import {SignatureForm} from "./SignatureForm.sol";
import {Meters} from "./Meters.sol";

/// @title The tables of a grant: tokens, meters, functions.
library Table {
    uint256 internal constant METER = 96;
    uint256 internal constant CALLS = 0xfe;
    uint256 internal constant ETH = 0xff;
    uint256 internal constant NO_FUNCTION = 0xffff;
    /// A function's word is the hash of its signature, whose first four bytes are the selector; of a command the command's byte stands there. This bit tells a
    /// command, so that two words are the same only where the signatures are.
    uint256 internal constant COMMAND = 1;
    uint256 private constant MOST_TOKENS = 0xfe;
    uint256 private constant BASE_UNITS = 0xff;
    /// Positions are half words: a session has 128 words.
    uint256 private constant POSITIONS = 256;
    uint256 private constant ROLLING_HALVES = 10;
    uint256 private constant ROLLING_PARTS = 8;
    uint256 private constant MOST_DESCRIBED = 255;
    /// @dev 1 in every byte.
    uint256 private constant ONES = type(uint256).max / 0xff;
    /// What is known of a function, two words: its word, and `text << TEXT | size << SIZE | descriptor << DESCRIPTOR | shape`. Positions in memory are below 2^48; `text` is
    /// where its entry stands, the descriptor of so many bytes is that of its signature, none where every argument is static.
    uint256 private constant FUNCTION = 64;
    uint256 private constant DESCRIPTOR = 48;
    uint256 private constant SIZE = 96;
    uint256 private constant TEXT = 112;

    // ---------------------------------------------------------------- tokens

    function tokens(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            uint256 first = Memory.take(32 * count);
            if (count > MOST_TOKENS) Form.fail(p);
            Scope.setTokens(count);
            Scope.setUnused((1 << count) - 1);
            Tables.setTokens(first);
            ++p;
            for (uint256 entry = first; count != 0; --count) {
                uint256 account = Memory.number(p, 20);
                uint256 decimals = Memory.number(p + 20, 1);
                uint256 size = Memory.number(p + 21, 1);
                if (!((decimals < 78 || decimals == BASE_UNITS) && size != 0 && size < 12)) Form.fail(p);
                for (uint256 other = first; other != entry; other += 32)
                    if (Memory.word(other) >> 8 == account) Form.fail(p);
                Memory.put(entry, (account << 8) | (decimals == BASE_UNITS ? 0 : decimals));
                entry += 32;
                p += 22 + size;
            }
            return p;
        }
    }

    /// @notice The decimals with which a price counts an asset, a token's or the chain's coin.
    function decimalsOf(uint256 asset) internal pure returns (uint256) {
        unchecked {
            return asset == ETH ? 18 : uint8(Memory.word(Tables.tokens() + 32 * asset));
        }
    }

    // ---------------------------------------------------------------- meters

    function meters(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            uint256 entry = Memory.take(METER * count);
            uint256 free = 0;
            Tables.setMeterCount(count);
            Tables.setMeters(entry);
            ++p;
            for (; count != 0; --count) {
                uint256 asset = Memory.number(p, 1);
                if (asset != CALLS) Form.asset(p);
                ++p;
                uint256 halves = halvesOf(p);
                // What has words of its own begins with the first that is free, but never with word 0; a half that it skips stays empty.
                uint256 position = free;
                if (halves != 1) position = free < 2 ? 2 : (free + 1) & ~uint256(1);
                free = position + halves;
                if (free > POSITIONS) Form.fail(p);
                uint256 size = Memory.number(p, 1) & 63;
                Memory.put(entry, asset);
                Memory.putByte(entry + 32, Memory.number(p, 1));
                Memory.putByte(entry + 33, position);
                Memory.copy(entry + 34, p + 1, 4 + size);
                entry += METER;
                p += 5 + size;
            }
            return p;
        }
    }

    /// @dev How many half words the meter `kindAndLength1 ‖ period4 ‖ limit` at `p` takes.
    function halvesOf(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 kind = Memory.number(p, 1) >> 6;
            uint256 size = Memory.number(p, 1) & 63;
            uint256 period = Memory.number(p + 1, 4);
            uint256 limit = Memory.number(p + 5, size);
            if (!(size < 33 && (size == 0 || Memory.number(p + 5, 1) != 0) && (period == 0 || period > 299)))
                Form.fail(p);
            if (kind == Meters.ROLLING) {
                // Sub-windows are whole seconds, and their numbers fit into 30 bits.
                if (
                    !(limit >> Meters.ROLLING_SPENT == 0 &&
                        period != 0 &&
                        period % ROLLING_PARTS == 0 &&
                        Scope.until() - Scope.start() <= (period / ROLLING_PARTS) << 30)
                ) Form.fail(p);
                return ROLLING_HALVES;
            }
            bool wide = limit >> Meters.NARROW_SPENT != 0;
            if (!(kind == (wide ? Meters.WIDE : 0) && limit >> Meters.WIDE_SPENT == 0)) Form.fail(p);
            return wide ? 2 : 1;
        }
    }

    // ---------------------------------------------------------------- functions

    function functions(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 2);
            uint256 first = Memory.take(FUNCTION * count);
            Tables.setFunctionCount(count);
            Tables.setFunctions(first);
            p += 2;
            // A bit for the last byte of each selector: most functions have one of their own, and need no look at the others.
            uint256 seen = 0;
            for (uint256 entry = first; count != 0; --count) {
                uint256 next = function_(p, entry);
                uint256 bit = 1 << uint8(Memory.word(entry) >> 224);
                if (seen & bit != 0) alone(p, next, first, entry);
                seen |= bit;
                entry += FUNCTION;
                p = next;
            }
            return p;
        }
    }

    /// @dev Reads `signatureLength2 ‖ signature ‖ { nameLength1 ‖ name }*` at `p` into an entry; the position after it.
    function function_(uint256 p, uint256 entry) private pure returns (uint256 next) {
        unchecked {
            uint256 text = p + 2;
            uint256 end = text + Memory.number(p, 2);
            uint256 open = parenthesis(text);
            if (open == text) Form.fail(p);
            uint256 word = Memory.hash(text, end - text) & ~COMMAND;
            // A function's name does not begin with a digit.
            if (Memory.number(text, 1) == 0x30) word = ((word << 32) >> 32) | (commandByte(text) << 224) | COMMAND;
            Memory.put(entry, word);

            uint256 shape = Memory.take(0);
            Tables.setNames(0);
            (uint256 close, uint256 descriptor, ) = SignatureForm.parameters(open, shape, 0);
            if (close != end) Form.fail(p);
            uint256 free = descriptor;
            if (Shape.kindOf(shape) == Shape.TUPLE) free = SignatureForm.describe(shape, descriptor);
            if (free - descriptor > MOST_DESCRIBED) Form.fail(p);
            Memory.takeUntil(free);
            Memory.put(entry + 32, shape | (descriptor << DESCRIPTOR) | ((free - descriptor) << SIZE) | (p << TEXT));
            next = end;
            for (uint256 names = Tables.names(); names != 0; --names) next += 1 + Memory.number(next, 1);
        }
    }

    /// @dev Where the first "(" stands from `p` on; anywhere behind the signature where that has none.
    function parenthesis(uint256 p) private pure returns (uint256) {
        unchecked {
            // A byte that is "(" becomes 0; then 0x80 where it is 0, and 0 where it is not.
            uint256 found;
            for (; ; p += 32) {
                found = Memory.word(p) ^ (0x28 * ONES);
                found = ~(((found & (0x7f * ONES)) + 0x7f * ONES) | found | (0x7f * ONES));
                if (found != 0 || p > Scope.end()) break;
            }
            if (found >> 128 == 0) {
                found <<= 128;
                p += 16;
            }
            if (found >> 192 == 0) {
                found <<= 64;
                p += 8;
            }
            if (found >> 224 == 0) {
                found <<= 32;
                p += 4;
            }
            if (found >> 240 == 0) {
                found <<= 16;
                p += 2;
            }
            return found >> 248 == 0 ? p + 1 : p;
        }
    }

    /// @dev Refuses a function whose selector another one before it has, or that stands there twice: under one name with the same names of its parameters.
    function alone(uint256 p, uint256 next, uint256 first, uint256 entry) private pure {
        unchecked {
            uint256 word = Memory.word(entry);
            for (; first != entry; first += FUNCTION) {
                uint256 other = Memory.word(first);
                if ((word ^ other) >> 224 != 0) continue;
                if (word == other) {
                    // As long as this one, since nothing else can begin like it.
                    uint256 twin = Memory.word(first + 32) >> TEXT;
                    if (Memory.hash(twin, next - p) == Memory.hash(p, next - p)) Form.fail(p);
                } else if ((word | other) & COMMAND == 0) {
                    Form.fail(p);
                }
            }
        }
    }

    /// @notice The word of function number `index`.
    function functionAt(uint256 index) internal pure returns (uint256) {
        unchecked {
            return Memory.word(Tables.functions() + FUNCTION * index);
        }
    }

    /// @notice The arguments of function number `index` (see Shape).
    function shapeOf(uint256 index) internal pure returns (uint256) {
        unchecked {
            return uint48(Memory.word(Tables.functions() + FUNCTION * index + 32));
        }
    }

    /// @notice Refuses a body whose words of heads at `p`, or whose descriptor behind them, are not those of its function; where what follows begins.
    function described(uint256 index, uint256 p, bool descriptor) internal pure returns (uint256) {
        unchecked {
            uint256 entry = Memory.word(Tables.functions() + FUNCTION * index + 32);
            uint256 size = uint16(entry >> SIZE);
            if (!(Memory.number(p, 1) == Shape.wordsIn(uint48(entry)) && (size != 0) == descriptor)) Form.fail(p);
            ++p;
            if (!descriptor) return p;
            if (
                !(Memory.number(p, 1) == size &&
                    Memory.hash(p + 1, size) == Memory.hash(uint48(entry >> DESCRIPTOR), size))
            ) Form.fail(p);
            return p + 1 + size;
        }
    }

    /// @dev The byte of the command `0x08(…)` at `p`.
    function commandByte(uint256 p) private pure returns (uint256) {
        unchecked {
            if (!(Memory.number(p, 2) == 0x3078 && Memory.number(p + 4, 1) == 0x28)) Form.fail(p);
            return (digit(p + 2) << 4) | digit(p + 3);
        }
    }

    /// @dev The value of a hex digit, in lower case.
    function digit(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 letter = Memory.number(p, 1);
            if (letter - 0x30 < 10) return letter - 0x30;
            if (letter - 0x61 >= 6) Form.fail(p);
            return letter - 0x57;
        }
    }
}
