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
            uint256 count = Memory.number(p, 1);
            uint256 entry = Memory.take(64 * count);
            Memory.put(Sheet.METERS, entry);
            Memory.put(Sheet.METER_COUNT, count);
            ++p;
            for (; count != 0; --count) {
                Memory.put(entry, p);
                Memory.put(entry + 32, 0);
                entry += 64;
                p += 6 + (Memory.number(p + 1, 1) & 63);
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
            for (uint256 entry = meters + 64 * Memory.word(Sheet.METER_COUNT); meters != entry; meters += 64)
                Memory.put(meters + 32, Memory.word(meters + 32) > 1 ? ++number : 0);
        }
    }

    /// @dev Counts the uses of meters in `rules` rules at `p`, and in those nested in them; the position behind them.
    function count(uint256 p, uint256 rules) private pure returns (uint256) {
        unchecked {
            for (; rules != 0; --rules) {
                bool allows = Memory.number(p, 1) == RuleForm.ALLOW;
                bool ofFunction = Memory.number(p + 1, 2) != Table.NO_FUNCTION;
                p += 3;
                if (!allows) p += ofFunction ? 25 : 21;
                uint256 flags = Memory.number(p + 2, 1);
                p += 2 + Memory.number(p, 2);
                if (!allows) continue;
                p = charges(p);
                p += 1 + Memory.number(p, 1);
                if (flags & Rule.NESTED == 0) continue;
                uint256 blocks = Memory.number(p, 1);
                ++p;
                for (; blocks != 0; --blocks) {
                    uint256 form = Memory.number(p, 1);
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
            uint256 left = Memory.number(p, 1);
            ++p;
            for (; left != 0; --left) {
                if (Memory.number(p, 1) == 1) {
                    uint256 uses = Memory.word(Sheet.METERS) + 64 * Memory.number(p + 1, 1) + 32;
                    Memory.put(uses, Memory.word(uses) + 1);
                    p += 3;
                } else {
                    p += 4 + Memory.number(p + 3, 1);
                }
                p += 2 + Memory.number(p, 2);
            }
            return p;
        }
    }

    /// @notice The number of a meter that is shared, else 0.
    function sharedAs(uint256 index) internal pure returns (uint256) {
        unchecked {
            return Memory.word(Memory.word(Sheet.METERS) + 64 * index + 32);
        }
    }

    /// @notice `shared #1`, as one phrase.
    function shared(uint256 number) internal pure {
        Pen.word(Words.SHARED);
        Pen.more(Glyphs.join(Words.HASH, NumberText.digits(number)));
    }

    /// @notice What a meter counts: an asset, or calls.
    function assetOf(uint256 index) internal pure returns (uint256) {
        unchecked {
            return Memory.number(Memory.word(Memory.word(Sheet.METERS) + 64 * index), 1);
        }
    }

    /// @notice `500 USDC/day`, `3 calls total`, `1 ETH/day, rolling`; its words join what stands before them in the manner `how`.
    function limit(uint256 index, uint256 how) internal pure {
        unchecked {
            // asset1 ‖ kindAndLength1 ‖ period4 ‖ limit
            uint256 p = Memory.word(Memory.word(Sheet.METERS) + 64 * index);
            uint256 asset = Memory.number(p, 1);
            uint256 form = Memory.number(p + 1, 1);
            uint256 period = Memory.number(p + 2, 4);
            uint256 value = Memory.number(p + 6, form & 63);
            if (asset == Table.CALLS) {
                NumberText.write(value, 0, how, 0);
                NumberText.put(Words.CALLS, how);
            } else {
                AmountText.write(value, asset, how, how);
            }
            if (period == 0) return NumberText.put(Words.TOTAL, how);
            Pen.glue(Words.SLASH);
            Pen.soft(periodOf(period));
            if (form >> 6 != Meters.ROLLING) return;
            Pen.glue(Words.COMMA);
            Pen.word(Words.ROLLING);
        }
    }

    /// @notice Whether how much the fees' meter allows, `0.01 ETH/`, can stand on one line with a word before it.
    function fitsBehind(uint256 word) internal pure returns (bool) {
        unchecked {
            uint256 p = Memory.word(Memory.word(Sheet.METERS));
            uint256 value = Memory.number(p + 6, Memory.number(p + 1, 1) & 63);
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
