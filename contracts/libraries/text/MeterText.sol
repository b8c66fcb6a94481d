// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AmountText} from "./AmountText.sol";
import {Glyphs} from "./Glyphs.sol";
import {Memory} from "../Memory.sol";
import {Meters} from "../Meters.sol";
import {Nested} from "../Nested.sol";
import {NumberText} from "./NumberText.sol";
import {OperandText} from "./OperandText.sol";
import {Pen} from "./Pen.sol";
import {Rule} from "../Rule.sol";
import {RuleForm} from "../RuleForm.sol";
import {Sheet} from "./Sheet.sol";
import {Table} from "../Table.sol";
import {Words} from "./Words.sol";

/// @title Meters: what they allow, and which of them are shared.
library MeterText {
    uint256 private constant WEEK = 604800;

    /// @notice Reads the meters `meterCount1 ‖ meter*` at `p`; the position behind them.
    function open(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 count = Memory.one(p);
            uint256 entry = Memory.take(Sheet.SIZE_OF_METER * count);
            Memory.put(Sheet.METERS, entry);
            Memory.put(Sheet.METER_COUNT, count);
            ++p;
            for (; count != 0; --count) {
                Memory.put(entry, p);
                Memory.put(entry + 32, 0);
                Memory.put(entry + 64, 0);
                entry += Sheet.SIZE_OF_METER;
                p += 6 + (Memory.one(p + 1) & 63);
            }
            return p;
        }
    }

    /// @notice Numbers the meters on which more than one charge counts, the fees' charge included, in their order from 1.
    /// @param rules Where the rules stand, behind their count of `size` bytes.
    function share(bool fees, uint256 rules, uint256 size) internal pure {
        unchecked {
            uint256 meters = Memory.word(Sheet.METERS);
            if (fees) Memory.put(meters + 32, 1);
            count(rules, Memory.number(rules - size, size));
            uint256 number = 0;
            uint256 end = meters + Sheet.SIZE_OF_METER * Memory.word(Sheet.METER_COUNT);
            for (; meters != end; meters += Sheet.SIZE_OF_METER)
                Memory.put(
                    meters + 32,
                    // There are no more than 255, so this stays on one line.
                    Memory.word(meters + 32) > 1 ? Glyphs.join(Words.SHARED_HASH, NumberText.digits(++number)) : 0
                );
        }
    }

    /// @dev Counts the uses of meters in `rules` rules at `p`, and in those nested in them; the position behind them.
    function count(uint256 p, uint256 rules) private pure returns (uint256) {
        unchecked {
            for (; rules != 0; --rules) {
                bool allows = Memory.one(p) == RuleForm.ALLOW;
                bool ofFunction = Memory.number(p + 1, 2) != Table.NO_FUNCTION;
                p += 3;
                if (!allows) p += ofFunction ? 25 : 21;
                uint256 flags = Memory.one(p + 2);
                p += 2 + Memory.number(p, 2);
                if (!allows) continue;
                p = charges(p);
                p += 1 + Memory.one(p);
                if (flags & Rule.NESTED == 0) continue;
                uint256 blocks = Memory.one(p);
                ++p;
                for (; blocks != 0; --blocks) {
                    uint256 form = Memory.one(p);
                    p = form == Nested.CALLS ? OperandText.placeEnd(p + 1) : OperandText.rangeEnd(p + 1);
                    if (form == Nested.COMMANDS) p = OperandText.placeEnd(p);
                    p = count(p + 2, Memory.number(p, 2));
                }
            }
            return p;
        }
    }

    function charges(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 left = Memory.one(p);
            ++p;
            for (; left != 0; --left) {
                if (Memory.one(p) == 1) {
                    uint256 uses = entryOf(Memory.one(p + 1)) + 32;
                    Memory.put(uses, Memory.word(uses) + 1);
                    p += 3;
                } else {
                    p += 4 + Memory.one(p + 3);
                }
                p += 2 + Memory.number(p, 2);
            }
            return p;
        }
    }

    function entryOf(uint256 index) private pure returns (uint256) {
        unchecked {
            return Memory.word(Sheet.METERS) + Sheet.SIZE_OF_METER * index;
        }
    }

    /// @notice What a meter that is shared is called, `shared #1` as a token, else 0.
    function sharedAs(uint256 index) internal pure returns (uint256) {
        unchecked {
            return Memory.word(entryOf(index) + 32);
        }
    }

    /// @notice What a meter counts: an asset, or calls.
    function assetOf(uint256 index) internal pure returns (uint256) {
        unchecked {
            return Memory.one(Memory.word(entryOf(index)));
        }
    }

    /// @notice `500 USDC/day`, `3 calls total`, `1 ETH/day, rolling`; behind a word in the same phrase, `max` or `fees`.
    function limit(uint256 index, uint256 word) internal pure {
        unchecked {
            // asset1 ‖ kindAndLength1 ‖ period4 ‖ limit
            uint256 p = Memory.word(entryOf(index));
            uint256 form = Memory.one(p + 1);
            uint256 period = Memory.number(p + 2, 4);
            uint256 token = short(index);
            if (token != 0) {
                Pen.word(Glyphs.join(word, token));
            } else {
                Pen.word(word);
                uint256 asset = Memory.one(p);
                uint256 value = Memory.number(p + 6, form & 63);
                if (asset == Table.CALLS) {
                    NumberText.write(value, 0, NumberText.MORE, 0);
                    Pen.more(Words.CALLS);
                } else {
                    AmountText.write(value, asset, NumberText.MORE, NumberText.MORE);
                }
                if (period == 0) return Pen.more(Words.TOTAL);
                Pen.glue(Words.SLASH);
                Pen.soft(periodOf(period));
            }
            if (period == 0 || form >> 6 != Meters.ROLLING) return;
            Pen.glue(Words.COMMA);
            Pen.word(Words.ROLLING);
        }
    }

    /// @dev What a meter allows behind a space, ` 500 USDC/day`, as a token that is made once; 0 where it cannot stand on one line with a word before it and a sign behind it.
    function short(uint256 index) private pure returns (uint256 token) {
        unchecked {
            uint256 entry = entryOf(index);
            token = Memory.word(entry + 64);
            if (token != 0) return token == NONE ? 0 : token;
            uint256 p = Memory.word(entry);
            uint256 unit = Words.CALLS;
            uint256 asset = Memory.one(p);
            uint256 value = Memory.number(p + 6, Memory.one(p + 1) & 63);
            if (asset == Table.CALLS) (token, unit) = (NumberText.short(value, 0), Words.CALLS);
            else (token, unit) = AmountText.short(value, asset);
            if (token != 0) {
                uint256 period = Memory.number(p + 2, 4);
                uint256 last = period == 0 ? SPACE_TOTAL : Glyphs.join(Words.SLASH, periodOf(period));
                unit = Glyphs.join(SPACE, unit);
                uint256 measure = uint24(token) + uint24(unit) + uint24(last) + AROUND;
                if (Glyphs.lengthOf(measure) > Glyphs.COLUMNS || Glyphs.widthOf(measure) > Glyphs.UNITS) token = 0;
                else token = Glyphs.join(Glyphs.join(Glyphs.join(SPACE, token), unit), last);
            }
            Memory.put(entry + 64, token == 0 ? NONE : token);
        }
    }

    /// What a token became that cannot be made.
    uint256 private constant NONE = 1;
    /// The measure of `fees`, which is wider than `max`, a space, and the widest sign that may follow.
    uint256 private constant AROUND = uint24(Words.FEES) + uint24(SPACE) + uint24(Words.SEMICOLON);
    uint256 private constant SPACE_TOTAL = uint256(bytes32(" total")) + 228 * 256 + 6;

    /// @notice Whether how much the fees' meter allows, `0.01 ETH/`, can stand on one line with a word before it.
    function fitsBehind(uint256 word) internal pure returns (bool) {
        unchecked {
            if (short(0) != 0) return true;
            uint256 p = Memory.word(entryOf(0));
            uint256 value = Memory.number(p + 6, Memory.one(p + 1) & 63);
            uint256 unit = Words.ETH;
            uint256 token = NumberText.short(value, 18);
            if (token == 0) (token, unit) = (NumberText.short(value, 0), Words.WEI);
            if (token == 0) return false;
            uint256 line = Glyphs.join(Glyphs.join(word, SPACE), Glyphs.join(token, SPACE));
            line = Glyphs.join(line, Glyphs.join(unit, Words.SLASH));
            return Glyphs.lengthOf(line) <= Glyphs.COLUMNS && Glyphs.widthOf(line) <= Glyphs.UNITS;
        }
    }

    uint256 private constant SPACE = uint256(bytes32(" ")) + Glyphs.SPACE * 256 + 1;

    /// @dev `hour`, `day`, `week`, `5 minutes`: one piece.
    function periodOf(uint256 period) private pure returns (uint256) {
        if (period == WEEK) return Words.WEEK;
        (uint256 count, uint256 unit) = AmountText.duration(period);
        if (count == 1) return unit;
        return Glyphs.join(NumberText.digits(count), Glyphs.join(SPACE, unit));
    }
}
