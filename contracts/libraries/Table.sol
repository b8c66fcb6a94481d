// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Form} from "./Form.sol";
import {Tables} from "./Tables.sol";
import {Memory} from "./Memory.sol";
import {Scope} from "./Scope.sol";
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
    /// @dev 1 in every byte.
    uint256 private constant ONES = type(uint256).max / 0xff;

    function tokens(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            uint256 entry = Memory.take(count);
            if (count > MOST_TOKENS) Form.fail(p);
            Scope.setTokens(count);
            Tables.setDecimals(entry);
            ++p;
            for (; count != 0; --count) {
                uint256 decimals = Memory.number(p + 20, 1);
                uint256 size = Memory.number(p + 21, 1);
                if (!((decimals < 78 || decimals == BASE_UNITS) && size != 0 && size < 12)) Form.fail(p);
                Memory.putByte(entry, decimals == BASE_UNITS ? 0 : decimals);
                ++entry;
                p += 22 + size;
            }
            return p;
        }
    }

    /// @notice The decimals with which a price counts an asset, a token's or the chain's coin.
    function decimalsOf(uint256 asset) internal pure returns (uint256) {
        unchecked {
            return asset == ETH ? 18 : Memory.number(Tables.decimals() + asset, 1);
        }
    }

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

    function functions(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 2);
            uint256 entry = Memory.take(32 * count);
            Tables.setFunctionCount(count);
            Tables.setFunctions(entry);
            p += 2;
            for (; count != 0; --count) {
                uint256 size = Memory.number(p, 2);
                p += 2;
                if (size <= 2) Form.fail(p);
                uint256 word = Memory.hash(p, size) & ~COMMAND;
                // A function's name does not begin with a digit.
                if (Memory.number(p, 1) == 0x30) word = ((word << 32) >> 32) | (commandByte(p) << 224) | COMMAND;
                Memory.put(entry, word);
                entry += 32;
                uint256 names = countNames(p, size);
                p += size;
                for (; names != 0; --names) p += 1 + Memory.number(p, 1);
            }
            return p;
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

    /// @dev How many parameters and components a signature has: each "(" and each "," begins one, only "()" begins none.
    function countNames(uint256 p, uint256 size) private pure returns (uint256 names) {
        unchecked {
            if (Memory.number(p + size - 2, 2) == 0x2829) --names;
            while (size != 0) {
                uint256 part = size < 32 ? size : 32;
                // "(" is 0x28 and "," is 0x2c: without that bit both are 0x28, and what is 0x28 is now 0 in its byte.
                uint256 letters = (Memory.number(p, part) & ~(4 * ONES)) ^ (0x28 * ONES);
                // The top bit of each byte stays clear where the byte is 0; the product adds up the bytes.
                letters = ((letters & (0x7f * ONES)) + 0x7f * ONES) | letters;
                names += (((~letters >> 7) & ONES) * ONES) >> 248;
                p += part;
                size -= part;
            }
        }
    }
}
